import ShardProtocol

/// Every bound of the coordinator with its reason.
public struct CoordinatorLimits: Sendable {
    /// Records of one batch.
    ///
    /// Larger batches share wake-ups (a request alone costs about 50 us, one of 64 costs 2-3 us)
    /// but make every member wait for the slowest; beyond some hundred there is nothing left to share.
    public var batchRecords = 256
    /// Bytes of documents of one batch.
    ///
    /// With the rows derived from them they must fit one message to a shard, see
    /// `OperationWriter.valueLimit`.
    public var batchBytes = 4 << 20
    /// Batches between admission and acknowledgement.
    ///
    /// They overlap fan-out, decision and log sync; each holds up to
    /// `batchRecords` decided records in memory.
    public var batchesInFlight = 8
    /// Batches that are begun as soon as anybody waits.
    ///
    /// A lone write is on its way at once, and what comes meanwhile travels together after it: a batch costs about a
    /// millisecond of processor time whatever it carries, and eight of two records four times what one of sixteen does.
    public var batchesBegunAtOnce = 2
    /// Records that must wait for each batch under way before a further one is begun.
    public var recordsForAnother = 8
    /// Records waiting for a batch.
    ///
    /// At 10,000 records a second this is under a second of waiting. One hand-in may be larger; it then needs half of
    /// the queue to be free.
    public var queuedRecords = 8_192
    /// Bytes of documents waiting for a batch.
    public var queuedBytes = 64 << 20
    /// How long a write may stay unanswered before the client is told to repeat it.
    public var submitDeadline: Duration = .seconds(10)
    /// How long one call to a shard may take.
    public var shardDeadline: Duration = .seconds(5)
    /// How long a shard may take to say how it is.
    ///
    /// Whoever asks for the health of the cluster wants to know of a shard that hangs, not to hang with it.
    public var statusDeadline: Duration = .seconds(1)
    /// First pause before a call to a silent shard is repeated; doubles up to `retryPauseMost`.
    public var retryPause: Duration = .milliseconds(20)
    /// Longest pause before a call is repeated.
    public var retryPauseMost: Duration = .milliseconds(500)
    /// First pause of a node that cannot lead, or does no longer, before it tries again; doubles up to `leadPauseMost`.
    ///
    /// Where the first term after a long time ends, it is mostly by a lease that was not renewed in time: nobody else
    /// leads, and writes wait.
    public var leadPause: Duration = .milliseconds(100)
    /// Longest pause of a node that cannot lead.
    public var leadPauseMost: Duration = .seconds(1)
    /// Bytes of operations of one commit message; further ones wait for the next.
    public var commitBytes = 8 << 20
    /// How often a read that met a half-visible write is repeated before it is reported.
    public var danglingRetries = 5

    /// How long the mover of slots rests between two looks at the map, and between two phases of a move.
    public var movePause: Duration = .milliseconds(200)
    /// Slots that are compared by one request while they move, at most.
    public var moveSlots = 8
    /// Rows and postings of the slots that are compared by one request, unless one slot alone has more.
    ///
    /// A shard answers nobody else meanwhile: this many take some three milliseconds.
    public var moveRows: UInt64 = 4_000
    /// How long a source keeps slots, and is written to, after they were handed over.
    ///
    /// Longer than three times `shardDeadline`, the longest question: who asked by the map before has an answer by then
    /// or none. Longer, too, than another coordinator may go without hearing of a new map.
    public var moveGrace: Duration = .seconds(16)

    /// How often a coordinator that does not lead looks by which rules it has to read.
    public var rulesPause: Duration = .seconds(1)
    /// How long keys of former rules stay after others decide.
    ///
    /// Longer than `rulesPause` and the longest question: who reads by former rules has found what it looks for by
    /// then.
    public var rulesGrace: Duration = .seconds(6)

    /// How often it is looked whether all shards answer, where the rules let records be taken while one does not.
    public var unsearchedPause: Duration = .milliseconds(250)
    /// Batches that are carried besides while a shard is known not to answer.
    ///
    /// The others may all wait for it with what was decided before.
    public var batchesBesideSilence = 2

    /// What an operator settles about stewards.
    public var stewards = StewardPolicy()

    /// The defaults.
    public init() {}

    /// `submitDeadline` in milliseconds.
    var submitMilliseconds: UInt64 { UInt64(submitDeadline.components.seconds) * 1_000 }

    /// Checks how the limits relate.
    func check() {
        precondition(batchRecords >= 1 && batchesInFlight >= 1, "a batch holds at least one record")
        precondition(queuedRecords >= batchRecords, "the queue holds at least one batch")
        precondition((1...DigestRequest.slotLimit).contains(moveSlots), "a request compares at least one slot")
        precondition(
            moveGrace > shardDeadline * 3,
            "who asks by an old map must have an answer before slots are dropped"
        )
        precondition(queuedBytes >= batchBytes, "the queue holds at least one batch")
    }
}
