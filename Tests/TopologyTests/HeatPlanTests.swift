import Identifiers
import TestRandom
import Testing

@testable import Topology

/// Plans by how often slots are asked for.
@Suite("Plans by heat") struct HeatPlanTests {
    /// Slots of equal size, asked alike but for some.
    private static func loads(_ hot: [Int: Double]) -> SlotLoads {
        SlotLoads(
            heat: (0..<Slot.count).map { hot[$0] ?? 1 },
            bytes: [Double](repeating: 1_000, count: Slot.count)
        )
    }

    private static func hottest(_ map: ClusterMap, _ loads: SlotLoads) -> Double {
        loads.byGroup(map.destinations).values.map(\.heat).max() ?? 0
    }

    @Test func hotSlotsOfOneShardAreSpreadAndCountsStay() throws {
        let map = try ClusterMap.even(4)
        let loads = Self.loads([0: 1_000, 1: 1_000, 2: 1_000, 3: 1_000])
        let plan = try MovePlan.spreading(loads, in: map)
        let after = loads.byGroup(plan.destinations)
        for group in plan.groups {
            #expect(after[group.id]?.slots == 1_024)
            #expect(abs((after[group.id]?.heat ?? 0) - 2_023) <= 1)
        }
        // A hot slot for each of the others, and a cold one back for it: nothing else.
        #expect(plan.moves.reduce(0) { $0 + $1.slotCount } == 6)
    }

    @Test func aSlotThatIsHotterThanAShareIsPartedFromOthersWithTheFewestMoves() throws {
        let map = try ClusterMap.even(2)
        let loads = Self.loads([0: 10_000, 1: 3_000, 2: 3_000])
        let plan = try MovePlan.spreading(loads, in: map)
        #expect(plan.destinations[0] != plan.destinations[1])
        #expect(plan.destinations[0] != plan.destinations[2])
        #expect(plan.moves.reduce(0) { $0 + $1.slotCount } == 2)
    }

    @Test func nothingMovesForLessThanTheMargin() throws {
        let map = try ClusterMap.even(4)
        // A twentieth above its share, and no more than two slots that could change that.
        #expect(try MovePlan.spreading(Self.loads([0: 26, 1: 26]), in: map).moves.isEmpty)
        #expect(try MovePlan.spreading(Self.loads([:]), in: map).moves.isEmpty)
        #expect(try MovePlan.spreading(SlotLoads(heat: [], bytes: []), in: map).moves.isEmpty)
    }

    @Test func whoGetsTheRemainderOfWhatItPlannedPlansNothingMore() throws {
        var random = SeededGenerator(seed: 7)
        for count in 2...6 {
            let loads = Self.drawn(&random)
            let plan = try MovePlan.spreading(loads, in: ClusterMap.even(count))
            #expect(try MovePlan.spreading(loads, in: plan).moves == plan.moves)
        }
    }

    @Test func slotsOnTheirWayStayWithTheirMove() throws {
        let map = try ClusterMap.even(3).changing { map in
            map.moves.append(SlotMove(id: 1, slots: [0..<4], source: ShardID(0), target: ShardID(1), phase: .copying))
        }
        let loads = Self.loads([0: 5_000, 1: 5_000, 2: 5_000])
        let plan = try MovePlan.spreading(loads, in: map)
        #expect(plan.moves.first == map.moves.first)
        #expect(plan.moves.dropFirst().allSatisfy { move in (0..<4).allSatisfy { !move.holds($0) } })
    }

    @Test func aNewcomerGetsItsSlotsFirst() throws {
        let loads = Self.loads([0: 2_000])
        let map = try ClusterMap.even(3).changing { map in
            map.groups.append(
                ShardGroup(id: ShardID(3), replicas: [Replica(name: "shard-4", address: "127.0.0.1:9003")])
            )
        }
        let after = loads.byGroup(try MovePlan.spreading(loads, in: map).destinations)
        #expect(map.groups.allSatisfy { after[$0.id]?.slots == 1_024 })
    }

    @Test func oddNumbersWeighNothing() {
        let loads = SlotLoads(heat: [.nan, .infinity, -1, 2], bytes: [.nan])
        #expect(Array(loads.heat.prefix(5)) == [0, 0, 0, 2, 0])
        #expect(loads.bytes.allSatisfy { $0 == 0 } && loads.bytes.count == Slot.count)
    }

    private static func drawn(_ random: inout SeededGenerator) -> SlotLoads {
        let skew = 1 + random.below(40)
        var heat: [Double] = []
        var bytes: [Double] = []
        for _ in 0..<Slot.count {
            heat.append(random.chance(1) ? Double(random.below(1_000 * skew)) : Double(random.below(40)))
            bytes.append(Double(500 + random.below(1_000)))
        }
        return SlotLoads(heat: heat, bytes: bytes)
    }

    @Test(arguments: 0..<12) func whateverTheLoadsPlansKeepWhatTheyPromise(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let loads = Self.drawn(&random)
        let count = 2 + random.below(7)
        let map = try ClusterMap.even(count)
        let plan = try MovePlan.spreading(loads, in: map)
        try plan.check()
        #expect(try MovePlan.spreading(loads, in: map) == plan)
        let even = loads.heat.reduce(0, +) / Double(count)
        let (before, after) = (loads.byGroup(map.owners), loads.byGroup(plan.destinations))
        if plan.moves.isEmpty {
            #expect(Self.hottest(plan, loads) == Self.hottest(map, loads))
        } else {
            #expect(Self.hottest(plan, loads) <= Self.hottest(map, loads) - even * HeatPlan.margin)
        }
        let bytes = loads.bytes.reduce(0, +) / Double(count)
        for group in map.groups.map(\.id) {
            #expect(after[group]?.slots == before[group]?.slots)
            let had = abs((before[group]?.bytes ?? 0) - bytes)
            let has = abs((after[group]?.bytes ?? 0) - bytes)
            #expect(has <= max(had, bytes * HeatPlan.evenness) + 1)
        }
        // No single slot stands in the way in these worlds: nearly even can be reached, or was.
        if loads.heat.max() ?? 0 < even / 4 {
            #expect(Self.hottest(plan, loads) <= even * (1 + HeatPlan.margin) + 1)
        }
    }
}
