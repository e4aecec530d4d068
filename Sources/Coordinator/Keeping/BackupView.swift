public import Identifiers

/// A backup as operators see it.
public struct BackupView: Sendable, Equatable {
    /// How far it is.
    public enum Phase: UInt8, Sendable {
        /// Rows are being read.
        case copying = 1
        /// It is complete, and further writes are added to it.
        case following = 2
        /// It is complete.
        case complete = 3
        /// It was given up.
        case failed = 4
    }

    /// What it is called.
    public var name: String
    /// How far it is.
    public var phase: Phase
    /// Slots that were read, of all.
    public var slotsDone = 0
    /// Bytes of its content so far.
    public var bytes: UInt64 = 0
    /// When it began, in milliseconds since 1970.
    public var began: UInt64
    /// The last write of the moment that it shows; zero before it is complete.
    public var cut = Sequence.zero
    /// The last write to which it can be restored.
    public var through = Sequence.zero
    /// Why it failed.
    public var fault = ""

    /// Makes a view of a backup.
    public init(name: String, phase: Phase, began: UInt64) {
        self.name = name
        self.phase = phase
        self.began = began
    }
}
