internal import Foundation

/// When each request of a phase is due, fixed before the phase begins: what is answered, and when, changes nothing.
///
///     for moment in ArrivalSchedule(profile: .constant(500, seconds: 30), pattern: .poisson, seed: 7) { ... }
///
/// Moments are computed one after another, so a schedule of any length takes no memory.
public struct ArrivalSchedule: Sequence, Sendable {
    /// How arrivals are spread.
    public enum Pattern: String, Sendable, CaseIterable, Codable {
        /// Evenly, as the rate says.
        case steady
        /// By chance and independently of one another, as people come in (a Poisson process with the profile's rate).
        case poisson
    }

    /// How many are due when.
    public let profile: RateProfile
    /// How they are spread.
    public let pattern: Pattern
    /// What chance is made from.
    public let seed: UInt64

    /// Makes a schedule.
    public init(profile: RateProfile, pattern: Pattern = .steady, seed: UInt64 = 1) {
        self.profile = profile
        self.pattern = pattern
        self.seed = seed
    }

    /// The moments in order, from the beginning of the phase.
    public func makeIterator() -> Iterator { Iterator(self) }

    /// Goes through the moments.
    ///
    /// Both patterns ask when the sum of the rate reaches a target: 0, 1, 2, ... where arrivals are steady; sums of
    /// exponential numbers where they are not (time rescaling of a Poisson process).
    public struct Iterator: IteratorProtocol, Sendable {
        /// Rounding must not add an arrival at the very end of a piece.
        private static let edge = 1e-9

        private let pieces: [RateProfile.Piece]
        private let pattern: Pattern
        private var random: SeededRandom
        private var piece = 0
        /// Where the piece begins: seconds, and requests due before.
        private var start = 0.0
        private var passed = 0.0
        private var target = 0.0

        init(_ schedule: ArrivalSchedule) {
            pieces = schedule.profile.pieces
            pattern = schedule.pattern
            random = SeededRandom(seed: schedule.seed)
            if pattern == .poisson { target = pause() }
        }

        /// The next moment.
        public mutating func next() -> Duration? {
            while piece < pieces.count, target >= passed + pieces[piece].total - Self.edge {
                passed += pieces[piece].total
                start += pieces[piece].seconds
                piece += 1
            }
            guard piece < pieces.count else { return nil }
            let moment = start + pieces[piece].moment(of: target - passed)
            target += pattern == .poisson ? pause() : 1
            return .nanoseconds(Int64((moment * 1e9).rounded()))
        }

        /// An exponential number of mean 1; never more than 37.
        private mutating func pause() -> Double {
            -log(Double(random.next() >> 11 | 1) * 0x1p-53)
        }
    }
}
