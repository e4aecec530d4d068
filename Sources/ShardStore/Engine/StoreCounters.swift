/// What a store has done since it was opened, for metrics; all counts only grow but those that say otherwise.
public struct StoreCounters: Sendable, Equatable {
    /// Commits that are durable.
    public var commits: UInt64 = 0
    /// Bytes of their operations.
    public var commitBytes: UInt64 = 0
    /// Commits that were refused or failed.
    public var failedCommits: UInt64 = 0
    /// Groups of frames that were synced together.
    public var groups: UInt64 = 0
    /// Flushes of a delta into the state.
    public var flushes: UInt64 = 0
    /// Flushes that failed and are repeated.
    public var failedFlushes: UInt64 = 0
    /// Candidate queries answered.
    public var queries: UInt64 = 0
    /// Postings that these read.
    public var postingsRead: UInt64 = 0
    /// Candidates that the sketch ruled out.
    public var bounded: UInt64 = 0
    /// Pairs scored in full.
    public var scored: UInt64 = 0
    /// Blocks that were cut.
    public var cutBlocks: UInt64 = 0
    /// Rows read by key.
    public var rowsRead: UInt64 = 0
    /// Rows given by scans.
    public var rowsScanned: UInt64 = 0
    /// Memory of the deltas now, in bytes.
    public var deltaBytes: UInt64 = 0
    /// Operations waiting for the log now, in bytes.
    public var waitingBytes: UInt64 = 0

    /// All zero.
    public init() {}
}
