/// What one phase measured, as it is kept.
public struct PhaseRecord: Codable, Sendable, Equatable {
    /// What the requests of one kind did.
    public struct Kind: Codable, Sendable, Equatable {
        /// The kind.
        public var kind: RequestKind
        /// Requests answered.
        public var answered: UInt64
        /// Requests that failed.
        public var failed: UInt64
        /// Requests due and not sent.
        public var shed: UInt64
        /// Records that were added.
        public var records: UInt64
        /// From the moment each was due to the answer.
        public var latency: LatencySummary
        /// From the moment each was sent to the answer.
        public var service: LatencySummary
        /// Latencies in milliseconds at the shares of `PhaseRecord.shares`.
        public var curve: [Double]
    }

    /// What the requests of one kind did that were due in one interval.
    public struct Interval: Codable, Sendable, Equatable {
        /// When it began, in seconds from the beginning of the run.
        public var start: Double
        /// The kind.
        public var kind: RequestKind
        /// Requests of it that were answered.
        public var answered: UInt64
        /// Requests of it that failed.
        public var failed: Int
        /// Requests of it that were not sent.
        public var shed: Int
        /// Requests, due at any time, that were answered within it.
        public var completed: Int
        /// Records that those added.
        public var records: Int
        /// The median latency in milliseconds.
        public var p50: Double
        /// The 99th percentile.
        public var p99: Double
        /// The longest.
        public var max: Double
    }

    /// Shares of requests in ten-thousandths at which the curve is kept: closer and closer to all.
    public static let shares =
        Array(stride(from: 0, through: 9_000, by: 250)) + Array(stride(from: 9_050, through: 9_900, by: 50))
        + Array(stride(from: 9_910, through: 9_990, by: 10)) + Array(9_991...9_999)

    /// What it was called.
    public var name: String
    /// Whether it was measured.
    public var isCounted: Bool
    /// How requests came: `steady`, `poisson` or `closed`.
    public var arrivals: String
    /// Requests a second that were asked for on average; nothing where the answers decided.
    public var requestedRate: Double?
    /// Requests that were under way all the time, where the answers decided.
    public var concurrency: Int?
    /// When it began, in seconds from the beginning of the run.
    public var start: Double
    /// How long it took, up to the last answer.
    public var seconds: Double
    /// Seconds of an interval.
    public var interval: Double
    /// Records of the registry before and after, as far as the run knows.
    public var sizeBefore: Int
    /// Records of the registry afterwards.
    public var sizeAfter: Int
    /// Most requests outstanding at once.
    public var highestOutstanding: Int
    /// From the moment each request was due to the moment it was sent: the generator's own delay.
    public var lateness: LatencySummary
    /// By kind.
    public var kinds: [Kind]
    /// By interval and kind.
    public var intervals: [Interval]
    /// What failed.
    public var failures: [RunRecord.Failure]

    /// Requests answered.
    public var answered: UInt64 { kinds.reduce(0) { $0 + $1.answered } }
    /// Requests that failed.
    public var failed: UInt64 { kinds.reduce(0) { $0 + $1.failed } }
    /// Requests due and not sent.
    public var shed: UInt64 { kinds.reduce(0) { $0 + $1.shed } }
    /// Records added.
    public var records: UInt64 { kinds.reduce(0) { $0 + $1.records } }
    /// Answered requests a second.
    public var rate: Double { seconds > 0 ? Double(answered) / seconds : 0 }

    /// Describes what was measured, in a registry that held so many records before.
    public init(_ result: PhaseResult, sizeBefore: Int) {
        name = result.phase.name
        isCounted = result.phase.isCounted
        switch result.phase.pace {
        case .open(_, let pattern): (arrivals, concurrency) = (pattern.rawValue, nil)
        case .closed(let number, _), .count(let number, _): (arrivals, concurrency) = ("closed", number)
        }
        requestedRate = result.phase.requestedRate.map { ($0 * 1_000).rounded() / 1_000 }
        start = LatencySummary.milliseconds(result.start) / 1_000
        seconds = LatencySummary.milliseconds(result.elapsed) / 1_000
        interval = result.interval / .seconds(1)
        self.sizeBefore = sizeBefore
        sizeAfter = sizeBefore + Int(result.records)
        highestOutstanding = result.highestOutstanding
        lateness = LatencySummary(result.lateness)
        failures = result.failures.map { RunRecord.Failure(message: $0.message, count: $0.count) }
        kinds = result.kinds.map { kind, result in Self.kind(kind, result) }
        intervals = Self.intervals(result)
    }

    private static func kind(_ kind: RequestKind, _ result: PhaseResult.Kind) -> Kind {
        Kind(
            kind: kind,
            answered: result.answered,
            failed: result.failed,
            shed: result.shed,
            records: result.records,
            latency: LatencySummary(result.latency),
            service: LatencySummary(result.service),
            curve: SparseHistogram(result.latency.buckets).values(atPermyriads: shares)
                .map { Swift.min(LatencySummary.milliseconds($0), LatencySummary.milliseconds(result.latency.maximum)) }
        )
    }

    private static func intervals(_ result: PhaseResult) -> [Interval] {
        let numbers = Set(result.kinds.flatMap { $0.result.intervals.keys }).sorted()
        return numbers.flatMap { number in
            result.kinds.compactMap { kind, counts in
                guard let interval = counts.intervals[number] else { return nil }
                let values = interval.latency.values(atPermyriads: [5_000, 9_900])
                return Interval(
                    start: LatencySummary.milliseconds(result.start + result.interval * number) / 1_000,
                    kind: kind,
                    answered: interval.latency.count,
                    failed: interval.failed,
                    shed: interval.shed,
                    completed: interval.completed,
                    records: interval.records,
                    p50: LatencySummary.milliseconds(values[0]),
                    p99: LatencySummary.milliseconds(values[1]),
                    max: LatencySummary.milliseconds(interval.latency.maximum)
                )
            }
        }
    }
}
