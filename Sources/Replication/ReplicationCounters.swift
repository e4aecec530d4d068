/// What a group has done since the process started, for metrics; all counts only grow.
public struct ReplicationCounters: Sendable, Equatable {
    /// Replicas that left the in-sync set.
    public var removed: UInt64 = 0
    /// Replicas that came back.
    public var returned: UInt64 = 0
    /// Catch-ups that were given up.
    public var gaveUp: UInt64 = 0
    /// Reads that a second replica had to answer.
    public var failovers: UInt64 = 0
    /// Reads that a second replica was asked for as well, because the first one took long.
    public var hedged: UInt64 = 0
    /// Those of them that the second one answered first.
    public var hedgesWon: UInt64 = 0
    /// Rows and postings written or removed by catch-ups.
    public var copied: UInt64 = 0
    /// Bytes of these.
    public var copiedBytes: UInt64 = 0
    /// Comparisons of all slots of the replicas in sync that came to their end.
    public var comparisons: UInt64 = 0
    /// Slots that differed in them.
    public var differed: UInt64 = 0
    /// Slots still to be compared or copied by the catch-up that is under way.
    public var slotsLeft: UInt64 = 0

    /// All zero.
    public init() {}
}
