/// Every bound of the doors with its reason; sizes in bytes.
///
/// A request past a bound gets a precise answer (400, 413, 429, 503); it never waits in a queue without end.
public struct GatewayLimits: Sendable, Hashable {
    /// Requests answered at one time: past it 503, so that those inside keep their latency.
    public var requestsInFlight = 2_048
    /// Orders and questions of operators answered at one time, whatever else is under way: when there is more traffic
    /// than a cluster can take, whoever wants to add a shard must get through.
    public var operatorRequestsInFlight = 32
    /// Body of one resource or of a native request: a patient with a photograph.
    public var resourceBytes = 5 << 20
    /// Body of a bundle: about ten thousand patients, as many as a bundle may have entries.
    public var bundleBytes = 32 << 20
    /// Bytes of a body that are read and thrown away so that the client sees why it was refused; past it the connection
    /// is closed under the client's hands.
    public var discardedBytes = 128 << 20
    /// One line of a bulk load: a bundle of about a thousand patients.
    public var loadLineBytes = 4 << 20
    /// Records in one piece of a bulk load at most.
    public var loadPieceRecords = 256
    /// Records that are worth a piece of their own: a request alone costs 50 µs of wake-ups, one in a train of 64 costs
    /// 2-3 µs.
    public var loadPieceEnough = 64
    /// Bytes in one piece of a bulk load, so that large resources do not make large pieces.
    public var loadPieceBytes = 1 << 20
    /// Pieces of one bulk load under way at one time.
    public var loadPiecesInFlight = 4
    /// Bytes of a bulk load read ahead of the pieces under way.
    public var loadReadAheadBytes = 1 << 20
    /// Bulk loads at one time: past it 503; eight keep two cores busy and bound the memory.
    public var loadStreams = 64
    /// Entries of a page when the client names no number.
    public var pageDefault = 100
    /// Entries of a page of the change feed or of reviews.
    public var pageMax = 1_000
    /// Rows of a page of an export.
    public var exportPageMax = 10_000
    /// Matches answered when the client names no number.
    public var matchDefault = 10
    /// Matches answered at most.
    public var matchMax = 100
    /// Keys in one search by identifier: each is a read of its own.
    public var searchKeys = 64
    /// Records read at one time while searching: a fan-out costs as much as reading some ten of them.
    public var searchBatch = 256
    /// Records looked at for one answer to a search: at 10 µs each a fifth of a second.
    public var searchRecords = 20_000
    /// Records of a registry that may be walked for a search that no parameter narrows; past it 400 too-costly.
    public var searchWalk = 100_000
    /// Matches that are sorted for one answer: past it 400 too-costly.
    public var searchSorted = 10_000
    /// Seconds after which an overloaded client may come back.
    public var overloadRetrySeconds = 1

    /// The defaults.
    public init() {}
}
