public import Identifiers

/// The record that a write was about.
public struct ChangedRecord: Sendable, Hashable {
    /// What happened to it.
    public enum Change: UInt8, Sendable {
        /// It is new, or back.
        case created = 1
        /// It has a new version.
        case updated = 2
        /// It was removed.
        case removed = 3
    }

    /// The record.
    public var record: RecordID
    /// Its version since; that of its removal where it was removed.
    public var version: UInt32
    /// What happened.
    public var change: Change

    /// Describes a change.
    public init(record: RecordID, version: UInt32, change: Change) {
        self.record = record
        self.version = version
        self.change = change
    }
}
