import Coordinator
import Identifiers
import Locks
import Testing
import Topology

/// Hot slots are spread as this node measured them; first it is shown what would come of it.
struct SpreadTests {
    /// A clock that a test sets.
    private final class SetTime: CoordinatorClock {
        private let now = Mutex<UInt64>(1_700_000_000_000)

        func pass(_ milliseconds: UInt64) { now.withLock { $0 += milliseconds } }
        func milliseconds() -> UInt64 { now.withLock { $0 } }
        func sleep(_ duration: Duration) async { try? await Task.sleep(for: .milliseconds(1)) }
    }

    /// Keys whose records are at home in different slots of the first of three shards.
    private static func keys() -> [RecordKey] {
        let map = SlotMap(evenly: 3)
        var slots: Set<Slot> = []
        return (0..<1_000).map { RecordKey(source: "clinic", value: "\($0)") }.filter { key in
            let hash = key.id.rawValue
            return map.owner(ofHash: hash) == ShardID(0) && slots.insert(Slot(hash: hash)).inserted
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func whatIsAskedForMostGoesToTheOthers() async throws {
        let clock = SetTime()
        var limits = CoordinatorLimits()
        limits.moveGrace = .seconds(20)
        try await QuietCluster.run(limits: limits, clock: clock) { cluster in
            let registry = cluster.registry
            _ = await registry.status()
            clock.pass(60_000)
            await #expect(throws: RegistryError.self) { try await registry.forecast(.spread) }
            for key in Self.keys().prefix(6) {
                for _ in 0..<500 { _ = try await registry.record(key) }
            }
            clock.pass(60_000)
            let forecast = try await registry.forecast(.spread)
            #expect(try await registry.moves().isEmpty)
            #expect(forecast.shards.map(\.name) == ["shard-1", "shard-2", "shard-3"])
            #expect(forecast.shards.allSatisfy { $0.before.slots == $0.after.slots })
            let (before, after) = (forecast.shards.map(\.before.heat), forecast.shards.map(\.after.heat))
            let total = before.reduce(0, +)
            #expect((before.max() ?? 0) > total * 0.9)
            #expect((after.max() ?? 0) < total * 0.4)
            let moves = try await registry.change(.spread, bytesPerSecond: 0)
            #expect(moves.map(\.move.slotCount) == forecast.moves.map(\.move.slotCount))
            #expect(!moves.isEmpty)
        }
    }
}
