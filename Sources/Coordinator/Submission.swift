public import Demographics

/// One write as a door hands it in: already decoded, not yet normalised.
public struct Submission: Sendable {
    /// What is to happen to the record.
    public enum Action: Sendable {
        /// Store the record, as a new one or as the next version.
        case upsert
        /// Take the record out of the registry; its golden identifier lives on.
        case delete
    }

    /// What is to happen.
    public var action: Action
    /// What the source says; for a deletion only its key matters.
    public var record: SourceRecord
    /// The resource exactly as the source sent it; empty for a deletion.
    public var document: [UInt8]
    /// Refuse unless the stored version is this one (HTTP `If-Match`).
    public var expectedVersion: UInt32?
    /// Refuse where the record exists already (HTTP `If-None-Match: *`).
    public var mustBeNew: Bool
    /// The record says that another one took its place; it stays so until it is removed.
    public var isReplaced = false

    /// Somebody vouches for it: it is stored also where it makes the record look like somebody else.
    public var isVouched = false

    /// Makes a submission.
    public init(
        action: Action = .upsert,
        record: SourceRecord,
        document: [UInt8],
        expectedVersion: UInt32? = nil,
        mustBeNew: Bool = false
    ) {
        self.action = action
        self.record = record
        self.document = document
        self.expectedVersion = expectedVersion
        self.mustBeNew = mustBeNew
    }
}
