/// What one load run measured.
public struct LoadResult: Sendable {
    /// A kind of failure and how often it came.
    public struct Failure: Sendable, Equatable {
        /// What went wrong.
        public var message: String
        /// How often.
        public var count: UInt64
    }

    /// Requests a second that were asked for.
    public var requestedRate: Int
    /// How long requests were counted, warm-up apart, up to the last answer.
    public var elapsed: Duration
    /// Latency of the answered requests, from the moment each should have been sent.
    public var latency: LatencyHistogram
    /// How late requests were sent.
    ///
    /// Where this is not small against the latency, the generator was the bottleneck.
    public var lateness: LatencyHistogram
    /// Requests that threw.
    public var failed: UInt64
    /// The failures, as they first came.
    public var failures: [Failure]
    /// Requests that were due and not sent, since too many were outstanding.
    public var shed: UInt64
    /// Most requests outstanding at once.
    public var highestOutstanding: Int

    /// Requests that were answered.
    public var answered: UInt64 { latency.count }

    /// Answered requests a second.
    public var rate: Double {
        let (seconds, attoseconds) = elapsed.components
        let time = Double(seconds) + Double(attoseconds) / 1e18
        return time > 0 ? Double(answered) / time : 0
    }

    init(requestedRate: Int, elapsed: Duration, counts: LoadTally.Counts) {
        self.requestedRate = requestedRate
        self.elapsed = elapsed
        latency = counts.latency
        lateness = counts.lateness
        failed = counts.failed
        failures = counts.failures
        shed = counts.shed
        highestOutstanding = counts.highestOutstanding
    }
}
