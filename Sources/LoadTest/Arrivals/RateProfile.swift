/// How many requests a second are due over the time of a phase: pieces in which the rate runs straight.
///
///     let profile = RateProfile.bursts(of: 800, for: 1, every: 10, over: 100, seconds: 60)
///     profile.total  // 10,200
public struct RateProfile: Sendable, Equatable {
    /// A time in which the rate stays or moves evenly from one value to another.
    public struct Piece: Sendable, Equatable {
        /// How long it takes.
        public var seconds: Double
        /// Requests a second at its beginning.
        public var first: Double
        /// Requests a second at its end.
        public var last: Double

        /// Makes a piece.
        public init(seconds: Double, first: Double, last: Double) {
            self.seconds = seconds
            self.first = first
            self.last = last
        }

        /// Requests due in it.
        var total: Double { seconds * (first + last) / 2 }

        /// When so many requests have become due, from its beginning: the root of `first t + slope t²/2 = amount`.
        func moment(of amount: Double) -> Double {
            guard amount > 0, seconds > 0 else { return 0 }
            let slope = (last - first) / seconds
            let root = (first * first + 2 * slope * amount).squareRoot()
            return min(seconds, 2 * amount / (first + root))
        }

        /// Requests a second at a moment.
        func rate(at moment: Double) -> Double {
            seconds > 0 ? first + (last - first) * moment / seconds : first
        }
    }

    /// Highest rate; past it the moments of single requests mean nothing on one machine.
    public static let rateLimit = 1_000_000.0

    /// The pieces in order.
    public let pieces: [Piece]

    /// Makes a profile.
    public init(_ pieces: [Piece]) {
        precondition(
            pieces.allSatisfy { $0.seconds >= 0 && $0.first >= 0 && $0.last >= 0 },
            "rates and times are not negative"
        )
        self.pieces = pieces
    }

    /// The same rate all the time.
    public static func constant(_ rate: Double, seconds: Double) -> RateProfile {
        RateProfile([Piece(seconds: seconds, first: rate, last: rate)])
    }

    /// A rate that grows or falls evenly.
    public static func ramp(from first: Double, to last: Double, seconds: Double) -> RateProfile {
        RateProfile([Piece(seconds: seconds, first: first, last: last)])
    }

    /// A rate with a burst at the end of every period.
    ///
    /// - Parameters:
    ///   - burst: requests a second within a burst.
    ///   - length: seconds of a burst.
    ///   - period: seconds from the beginning of one period to that of the next.
    ///   - rate: requests a second between bursts.
    ///   - seconds: how long all of it takes; the last period may be cut short.
    /// - Returns: the profile.
    public static func bursts(
        of burst: Double,
        for length: Double,
        every period: Double,
        over rate: Double,
        seconds: Double
    ) -> RateProfile {
        precondition(period > 0 && length > 0 && length <= period, "a burst fits into its period")
        var pieces: [Piece] = []
        var rest = seconds
        while rest > 1e-9 {
            let calm = min(rest, period - length)
            if calm > 0 { pieces.append(Piece(seconds: calm, first: rate, last: rate)) }
            rest -= calm
            let loud = min(rest, length)
            if loud > 0 { pieces.append(Piece(seconds: loud, first: burst, last: burst)) }
            rest -= loud
        }
        return RateProfile(pieces)
    }

    /// How long it takes.
    public var seconds: Double { pieces.reduce(0) { $0 + $1.seconds } }

    /// Requests due in all of it.
    public var total: Double { pieces.reduce(0) { $0 + $1.total } }

    /// The highest rate in it.
    public var highest: Double { pieces.map { Swift.max($0.first, $0.last) }.max() ?? 0 }

    /// Requests a second at a moment; none outside.
    public func rate(at moment: Double) -> Double {
        var start = 0.0
        for piece in pieces {
            if moment >= start, moment < start + piece.seconds { return piece.rate(at: moment - start) }
            start += piece.seconds
        }
        return 0
    }
}
