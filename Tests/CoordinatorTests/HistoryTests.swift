import Identifiers
import Identity
import Locks
import RuleSets
import SimulationKit
import Testing

@testable import Coordinator

/// What a golden identifier stood for on any past day is what it was said to stand for on that day.
struct HistoryTests {
    /// A clock that goes on with each look at it.
    private final class TickingClock: CoordinatorClock {
        private let time = Mutex<UInt64>(1_700_000_000_000)

        var last: UInt64 { time.withLock { $0 } }

        func milliseconds() -> UInt64 {
            time.withLock { time in
                time += 1
                return time
            }
        }

        func sleep(_ duration: Duration) async { try? await Task.sleep(for: min(duration, .milliseconds(20))) }
    }

    /// What is compared of a person.
    private struct Seen: Equatable {
        var golden: GoldenID
        var retired: Set<GoldenID>
        var records: [String]

        init?(_ view: PersonView?) {
            guard let view else { return nil }
            golden = view.golden
            retired = Set(view.retired)
            records = view.members.map { "\($0.id) \($0.version) \(String(decoding: $0.document, as: UTF8.self))" }
                .sorted()
        }
    }

    @Test func thePastIsAsItWasTold() async throws {
        let clock = TickingClock()
        try await QuietCluster.run(clock: clock) { cluster in
            let registry = cluster.registry
            var told: [(time: UInt64, persons: [GoldenID: Seen?])] = []
            var goldens: Set<GoldenID> = []
            for turn in 0..<240 {
                try await Crowd.write(registry, turn)
                let time = clock.last
                guard turn % 6 == 5 else { continue }
                goldens.formUnion(try await registry.links(after: nil, limit: 1_000).entries.map(\.golden))
                var persons: [GoldenID: Seen?] = [:]
                for golden in goldens { persons[golden] = .some(Seen(try await registry.person(golden))) }
                told.append((time, persons))
            }
            #expect(goldens.count > 20)
            var retired = 0
            for (time, persons) in told {
                for golden in goldens {
                    let found = Seen(try await registry.person(golden, at: time))
                    // An identifier that is not among them was not given out yet, or it was and never seen alone.
                    guard let expected = persons[golden] else { continue }
                    #expect(found == expected, "\(golden) at \(time)")
                    if let expected, expected.golden != golden { retired += 1 }
                }
            }
            #expect(retired > 0, "some identifiers led to others")
            for golden in goldens {
                let entries = try await registry.history(of: golden).entries
                let first = try #require(entries.first)
                #expect(try await registry.person(golden, at: first.at - 1) == nil)
                #expect(entries.map(\.sequence) == entries.map(\.sequence).sorted())
            }
        }
    }

    @Test func anIdentifierThatWasNeverGivenOutHasNoHistory() async throws {
        try await QuietCluster.run { cluster in
            _ = try await cluster.stored(People.amina("1"))
            let golden = GoldenID(birth: Identifiers.Sequence(99))
            #expect(try await cluster.registry.history(of: golden).entries.isEmpty)
            #expect(try await cluster.registry.person(golden, at: .max) == nil)
        }
    }

    @Test func aPersonThatBeginsAloneNeedsNoRowOfItsOwn() throws {
        let golden = GoldenID(birth: Identifiers.Sequence(5))
        let born = IdentityEvent.recordLinked(record: RecordID(1), from: nil, to: golden)
        #expect(PersonChange.byGolden([born], at: Identifiers.Sequence(5)).isEmpty)
        #expect(PersonChange.byGolden([born], at: Identifiers.Sequence(6)).map(\.golden) == [golden])
        let other = GoldenID(birth: Identifiers.Sequence(3))
        let merged: [IdentityEvent] = [
            .personsMerged(survivor: other, retired: golden),
            .recordLinked(record: RecordID(1), from: golden, to: other),
        ]
        let rows = PersonChange.byGolden(merged, at: Identifiers.Sequence(9))
        #expect(rows.map(\.golden) == [other, golden])
        #expect(rows.allSatisfy { $0.events == merged })
    }
}
