/// A time of a load run in which one thing is done.
public struct LoadPhase: Sendable, Equatable {
    /// What decides when a request is sent.
    public enum Pace: Sendable, Equatable {
        /// The clock: arrivals are fixed in advance, whatever is answered.
        case open(RateProfile, ArrivalSchedule.Pattern)
        /// The answers: so many requests are under way all the time, for so long.
        ///
        /// This finds out what a server can do at most; its latencies say nothing about those who would have to wait.
        case closed(concurrency: Int, Duration)
        /// The answers, until so many requests are answered.
        case count(concurrency: Int, requests: Int)
    }

    /// What it is called in reports.
    public var name: String
    /// Whether it is measured; else it warms up or fills.
    public var isCounted: Bool
    /// When requests are sent.
    public var pace: Pace
    /// What they are.
    public var mix: RequestMix

    /// Makes a phase.
    public init(name: String, isCounted: Bool = true, pace: Pace, mix: RequestMix) {
        self.name = name
        self.isCounted = isCounted
        self.pace = pace
        self.mix = mix
    }

    /// Requests a second on average; `nil` where the answers decide.
    public var requestedRate: Double? {
        guard case .open(let profile, _) = pace, profile.seconds > 0 else { return nil }
        return profile.total / profile.seconds
    }

    /// How long it takes; `nil` where the number of requests decides.
    public var duration: Duration? {
        switch pace {
        case .open(let profile, _): .nanoseconds(Int64(profile.seconds * 1e9))
        case .closed(_, let duration): duration
        case .count: nil
        }
    }

    /// Requests due, as far as that is known before.
    public var requestCount: Int? {
        switch pace {
        case .open(let profile, _): Int(profile.total.rounded())
        case .closed: nil
        case .count(_, let requests): requests
        }
    }
}
