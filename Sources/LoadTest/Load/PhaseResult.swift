/// What one phase measured.
public struct PhaseResult: Sendable {
    /// A kind of failure and how often it came.
    public struct Failure: Sendable, Equatable {
        /// What went wrong.
        public var message: String
        /// How often.
        public var count: UInt64
    }

    /// What the requests of one kind did.
    public struct Kind: Sendable {
        /// From the moment each should have been sent to the answer; of those answered.
        public var latency = LatencyHistogram()
        /// From the moment each was sent to the answer; of those answered.
        public var service = LatencyHistogram()
        /// Requests that failed.
        public var failed: UInt64 = 0
        /// Requests that were due and not sent, since too many were outstanding.
        public var shed: UInt64 = 0
        /// Records that the answered requests added.
        public var records: UInt64 = 0
        /// By interval.
        public var intervals: [Int: LoadInterval] = [:]

        /// Requests that were answered.
        public var answered: UInt64 { latency.count }
        /// Requests that were due.
        public var due: UInt64 { answered + failed + shed }
    }

    /// The phase.
    public var phase: LoadPhase
    /// When it began, from the beginning of the run.
    public var start: Duration
    /// How long it took, up to the last answer.
    public var elapsed: Duration
    /// How long an interval is.
    public var interval: Duration
    /// How late requests were sent.
    ///
    /// Where this is not small against the latency, the generator was the bottleneck.
    public var lateness: LatencyHistogram
    /// The kinds that there were, in the order of `RequestKind`.
    public var kinds: [(kind: RequestKind, result: Kind)]
    /// The failures, as they first came.
    public var failures: [Failure]
    /// Most requests outstanding at once.
    public var highestOutstanding: Int

    /// Requests answered.
    public var answered: UInt64 { kinds.reduce(0) { $0 + $1.result.answered } }
    /// Requests failed.
    public var failed: UInt64 { kinds.reduce(0) { $0 + $1.result.failed } }
    /// Requests due and not sent.
    public var shed: UInt64 { kinds.reduce(0) { $0 + $1.result.shed } }
    /// Records added.
    public var records: UInt64 { kinds.reduce(0) { $0 + $1.result.records } }

    /// Latencies of all kinds together.
    public var latency: LatencyHistogram {
        var sum = LatencyHistogram()
        for kind in kinds { sum.merge(kind.result.latency) }
        return sum
    }

    /// Answered requests a second.
    public var rate: Double { elapsed > .zero ? Double(answered) / (elapsed / .seconds(1)) : 0 }
}
