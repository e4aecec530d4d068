import LoadTest
import Testing

/// Moments that are fixed before anything is sent.
@Suite("Arrivals")
struct ArrivalScheduleTests {
    private func seconds(_ schedule: ArrivalSchedule) -> [Double] { schedule.map { $0 / .seconds(1) } }

    @Test("Steady arrivals lie as far apart as the rate says")
    func steady() {
        let moments = seconds(ArrivalSchedule(profile: .constant(4, seconds: 2)))
        #expect(moments == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75])
    }

    @Test("Rates that no one asks for send nothing", arguments: [RateProfile([]), .constant(0, seconds: 5)])
    func none(profile: RateProfile) {
        #expect(seconds(ArrivalSchedule(profile: profile)).isEmpty)
        #expect(seconds(ArrivalSchedule(profile: profile, pattern: .poisson)).isEmpty)
    }

    @Test("Equal seeds give equal moments, others others")
    func repeatable() {
        let profile = RateProfile.bursts(of: 300, for: 0.5, every: 2, over: 20, seconds: 11)
        let first = seconds(ArrivalSchedule(profile: profile, pattern: .poisson, seed: 5))
        #expect(first == seconds(ArrivalSchedule(profile: profile, pattern: .poisson, seed: 5)))
        #expect(first != seconds(ArrivalSchedule(profile: profile, pattern: .poisson, seed: 6)))
    }

    @Test("Moments rise and stay within the phase, for any profile", arguments: UInt64(0)..<40)
    func rising(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let pieces = (0..<(1 + random.below(6))).map { _ in
            RateProfile.Piece(
                seconds: Double(random.below(30)) / 10,
                first: Double(random.below(4) * random.below(300)),
                last: Double(random.below(4) * random.below(300))
            )
        }
        let profile = RateProfile(pieces)
        for pattern in ArrivalSchedule.Pattern.allCases {
            let moments = seconds(ArrivalSchedule(profile: profile, pattern: pattern, seed: seed))
            #expect(zip(moments, moments.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(moments.allSatisfy { $0 >= 0 && $0 <= profile.seconds + 1e-6 })
            // Five standard deviations of a Poisson number, and one for what begins.
            let slack = pattern == .steady ? 1 : 5 * profile.total.squareRoot() + 1
            #expect(abs(Double(moments.count) - profile.total) <= slack)
            // The dumb twin: each piece on its own has what it promises.
            var start = 0.0
            for piece in pieces {
                let here = moments.count { $0 >= start && $0 < start + piece.seconds }
                let due = piece.seconds * (piece.first + piece.last) / 2
                #expect(abs(Double(here) - due) <= (pattern == .steady ? 2 : 5 * due.squareRoot() + 2))
                start += piece.seconds
            }
        }
    }

    @Test("The pauses of arrivals by chance are exponential: as spread as they are long")
    func exponential() {
        let moments = seconds(ArrivalSchedule(profile: .constant(1_000, seconds: 20), pattern: .poisson, seed: 9))
        let pauses = zip(moments, moments.dropFirst()).map { $1 - $0 }
        let mean = pauses.reduce(0, +) / Double(pauses.count)
        let variance = pauses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pauses.count)
        #expect(abs(mean - 0.001) < 0.00004)
        #expect(abs(variance.squareRoot() / mean - 1) < 0.04)
        let long = pauses.count { $0 > 0.001 }
        #expect(abs(Double(long) / Double(pauses.count) - 0.3679) < 0.015)
    }

    @Test("Bursts come at the end of every period")
    func bursts() {
        let profile = RateProfile.bursts(of: 100, for: 1, every: 5, over: 10, seconds: 12)
        let due: Double = 300
        #expect(profile.total == due)
        #expect(profile.highest == 100)
        #expect(profile.rate(at: 3.9) == 10)
        #expect(profile.rate(at: 4.5) == 100)
        #expect(profile.rate(at: 12.5) == 0)
    }
}
