public import Identifiers

/// The moment that a backup shows: every write up to `cut` is in it, and none after.
public struct BackupCut: Sendable, Equatable {
    /// The epoch of the leader that made it.
    public var epoch: Epoch
    /// The last write that was durable when copying began.
    public var start: Sequence
    /// The last write that is in it.
    public var cut: Sequence
    /// The active rule set.
    public var rules: RuleSetVersion
    /// When it began, in milliseconds since 1970.
    public var began: UInt64
    /// When it was complete, in milliseconds since 1970.
    public var ended: UInt64
    /// Rows that were read from the shards.
    public var rows: UInt64
    /// Postings that were read from the shards.
    public var postings: UInt64

    /// Makes a cut.
    public init(
        epoch: Epoch,
        start: Sequence,
        cut: Sequence,
        rules: RuleSetVersion,
        began: UInt64,
        ended: UInt64,
        rows: UInt64,
        postings: UInt64
    ) {
        self.epoch = epoch
        self.start = start
        self.cut = cut
        self.rules = rules
        self.began = began
        self.ended = ended
        self.rows = rows
        self.postings = postings
    }
}
