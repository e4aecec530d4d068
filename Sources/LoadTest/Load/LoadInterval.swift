/// What the requests of one kind did that were due within one interval.
public struct LoadInterval: Sendable, Equatable {
    /// Their latencies.
    public var latency = SparseHistogram()
    /// Requests of it that failed.
    public var failed = 0
    /// Requests of it that were not sent.
    public var shed = 0
    /// Requests, due at any time, that were answered within it.
    public var completed = 0
    /// Records that those added.
    public var records = 0

    /// Nothing yet.
    public init() {}
}
