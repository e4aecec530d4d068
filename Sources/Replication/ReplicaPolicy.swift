/// Every bound of a replicated group with its reason.
public struct ReplicaPolicy: Sendable {
    /// Pauses between attempts to reach a replica that refuses to be reached, before it leaves the in-sync set.
    ///
    /// A process that is started again by its supervisor within them costs no catch-up; a client waits for them when a
    /// machine dies. A replica that takes a message and does not answer is given its client's deadline and no second
    /// attempt.
    public var retryPauses: [Duration] = [
        .milliseconds(50), .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(500),
    ]
    /// For how long a replica that cannot be reached is tried again at all.
    ///
    /// Each attempt may take as long as it takes to find out that a machine is away; with one begun so late writes
    /// still go on within five seconds.
    public var retryTime: Duration = .milliseconds(1_500)
    /// How often replicas are looked after while nothing else happens.
    public var checkPause: Duration = .seconds(1)
    /// Reads for which a replica that failed one is asked last.
    public var suspectReads = 256
    /// How long a short read may take before a second replica is asked as well; `nil` for never.
    ///
    /// Many times what a batch of reads takes, so that only what got stuck is asked twice (Dean and Barroso, "The Tail
    /// at Scale", 2013).
    public var hedgeAfter: Duration? = .milliseconds(50)
    /// Reads that pay for one that is asked twice: a group that is slow because it has too much to do must not be asked
    /// for twice as much.
    public var readsPerHedge = 20
    /// Reads that may be asked twice before others have paid for them.
    public var hedgeReserve = 16
    /// Slots whose digests are asked for at once before it is known how much a slot holds.
    public var digestSlots = 16
    /// Rows and postings of the slots whose digests are asked for at once from then on.
    ///
    /// A store answers nothing else meanwhile: this many take some 20 ms.
    public var digestRows: UInt64 = 25_000
    /// Rows of each table that are compared at a time while a replica catches up.
    ///
    /// Writes wait for a page of every table, so it takes milliseconds; a page of rows of usual size is some hundred
    /// kilobytes.
    public var pageRows = 1_024
    /// Postings that are compared at a time alike; they are small.
    public var pagePostings = 4_096
    /// Rows and postings of equal slots between two that differ that are walked with them, so that a store of few
    /// rows is not walked slot by slot.
    public var gapRows: UInt64 = 512
    /// Bytes of one message of a catch-up, unless one page is larger.
    public var messageBytes = 4 << 20
    /// How often the replicas in sync are held against each other.
    ///
    /// Everything is read for it: often enough that damage is found while another copy is there to mend it from.
    public var comparePause: Duration = .seconds(6 * 3_600)
    /// Rest between two questions of it, so that nothing else waits for long.
    public var comparisonRest: Duration = .milliseconds(50)
    /// Rest between two questions of one that an operator asked for and waits for.
    public var askedComparisonRest: Duration = .milliseconds(5)
    /// Pauses between attempts of a catch-up to get an answer, before it is given up.
    public var catchUpPauses: [Duration] = [.milliseconds(20), .milliseconds(200)]
    /// How often what still differs is compared again before a catch-up is given up and begun anew.
    public var repairRounds = 4
    /// How often a change of the cluster map is repeated that somebody else's change got in the way of.
    public var mapAttempts = 16
    /// How often the fence of a group begins anew because its in-sync set changed meanwhile.
    public var fenceRounds = 8

    /// The defaults.
    public init() {}
}
