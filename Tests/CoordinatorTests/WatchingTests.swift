import Identifiers
import Testing
import Topology

@testable import Coordinator

/// What operators are told of a cluster while it works.
@Suite("The journal, and how slots are asked for") struct WatchingTests {
    private struct StillClock: CoordinatorClock {
        func sleep(_ duration: Duration) async {}
        func milliseconds() -> UInt64 { 1_700_000_000_000 }
    }

    private func map() throws -> ClusterMap {
        let groups = (0..<2).map { number in
            let replicas = ["a", "b"].map { Replica(name: "shard-\(number + 1)\($0)", address: "h:\(number)\($0)") }
            return ShardGroup(id: ShardID(UInt16(number)), replicas: replicas)
        }
        return try ClusterMap(evenly: groups)
    }

    @Test func theJournalKeepsTheNewest() {
        let journal = ClusterJournal(clock: StillClock())
        for number in 1...(ClusterJournal.limit + 5) { journal.note(.leading, "c-\(number)", "") }
        let all = journal.entries(after: 0)
        #expect(all.count == ClusterJournal.limit)
        #expect(all.first?.number == 6 && all.first?.subject == "c-6")
        #expect(journal.entries(after: UInt64(ClusterJournal.limit) + 4).map(\.number) == [1_005])
        #expect(journal.entries(after: 2_000).isEmpty)
    }

    @Test func aMapTellsWhoCameAndWent() throws {
        let map = try map()
        #expect(MapNews.between(map, map).isEmpty)
        let out = try map.changing { $0.groups[0].replicas[1].state = .out }
        #expect(
            MapNews.between(map, out) == [MapNews(kind: .replica, subject: "shard-1b", text: "in-sync -> out")]
        )
        let third = ShardGroup(id: ShardID(2), replicas: [Replica(name: "shard-3a", address: "h:3")])
        let joined = try map.changing { $0.groups.append(third) }
        #expect(MapNews.between(map, joined) == [MapNews(kind: .shardJoined, subject: "shard-3", text: "shard-3a")])
        #expect(MapNews.between(joined, map) == [MapNews(kind: .shardLeft, subject: "shard-3", text: "shard-3a")])
    }

    @Test func aMapTellsHowFarMovesAre() throws {
        let third = ShardGroup(id: ShardID(2), replicas: [Replica(name: "shard-3a", address: "h:3")])
        let map = try map().changing { $0.groups.append(third) }
        let planned = try map.changing {
            $0.moves = [SlotMove(id: 7, slots: [0..<10], source: ShardID(0), target: ShardID(2))]
        }
        let first = MapNews(kind: .move, subject: "7", text: "10 slots, shard-1a to shard-3a: planned")
        #expect(MapNews.between(map, planned) == [first])
        let held = try planned.changing { $0.moves[0].isPaused = true }
        let second = MapNews(kind: .move, subject: "7", text: "10 slots, shard-1a to shard-3a: planned, paused")
        #expect(MapNews.between(planned, held) == [second])
    }

    @Test func theHottestSlotsAreTold() throws {
        let heat = SlotHeat()
        #expect(heat.perMinute(now: 1_000).allSatisfy { $0 == 0 })
        let slot = try #require(Slot(812))
        heat.note((0..<Slot.count).compactMap { Slot($0)?.firstHash })
        heat.note([UInt64](repeating: slot.firstHash, count: 5_000))
        let rates = heat.perMinute(now: 61_000)
        #expect(rates[812] == 5_001 && rates[0] == 1)
        // Two that ask within a millisecond are told the same.
        #expect(heat.perMinute(now: 61_000) == rates)
        // The window before is told until the next one is full.
        heat.note([UInt64](repeating: 0, count: 100))
        #expect(heat.perMinute(now: 70_000) == rates)
        let hot = HotSlot.hottest(rates) { _ in ShardID(1) }
        #expect(hot == [HotSlot(slot: slot, shard: ShardID(1), perMinute: 5_001, percent: 55)])
        #expect(HotSlot.hottest([Double](repeating: 3, count: Slot.count)) { _ in ShardID(1) }.isEmpty)
        #expect(HotSlot.hottest([50] + [Double](repeating: 0, count: Slot.count - 1)) { _ in ShardID(1) }.isEmpty)
    }
}
