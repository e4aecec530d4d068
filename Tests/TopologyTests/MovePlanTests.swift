import Identifiers
import Testing

@testable import Topology

/// Plans for shards that join and leave.
@Suite("Plans of moves") struct MovePlanTests {
    /// Carries out all moves at once.
    private static func moved(_ map: ClusterMap) throws -> ClusterMap {
        try map.changing { map in
            for place in map.moves.indices where !map.moves[place].phase.isOver {
                for slot in map.moves[place].slots.joined() { map.owners[slot] = map.moves[place].target }
                map.moves[place].phase = .dropped
            }
        }
    }

    @Test(arguments: 1...9) func whoeverJoinsGetsItsShareAndNothingElseMoves(count: Int) throws {
        let map = try ClusterMap.even(count)
        let plan = try MovePlan.adding([Replica(name: "new", address: "127.0.0.1:9999")], to: map)
        let group = try #require(plan.groups.last?.id)
        #expect(plan.moves.allSatisfy { $0.target == group })
        let after = try Self.moved(plan)
        let counts = after.groups.map { after.slotCount(of: $0.id) }
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        #expect(plan.moves.reduce(0) { $0 + $1.slotCount } == after.slotCount(of: group))
    }

    @Test func theFirstCopyOfANewShardIsInSyncAndTheOthersAreBroughtThere() throws {
        let copies = ["a", "b", "c"].map { Replica(name: "new-\($0)", address: "127.0.0.1:9999") }
        let group = try #require(try MovePlan.adding(copies, to: ClusterMap.even(2)).groups.last)
        #expect(group.replicas.map(\.name) == ["new-a", "new-b", "new-c"])
        #expect(group.replicas.map(\.state) == [.inSync, .out, .out])
        #expect(throws: TopologyError.self) { try MovePlan.adding([], to: ClusterMap.even(2)) }
    }

    @Test(arguments: 2...9) func whoeverIsDrainedKeepsNothing(count: Int) throws {
        let plan = try MovePlan.draining("shard-2", in: ClusterMap.even(count))
        let after = try Self.moved(plan)
        #expect(after.slotCount(of: ShardID(1)) == 0)
        let counts = after.groups.filter { $0.id != ShardID(1) }.map { after.slotCount(of: $0.id) }
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        #expect(try MovePlan.removing("shard-2", from: after).groups.count == count - 1)
        #expect(throws: TopologyError.self) { try MovePlan.removing("shard-2", from: plan) }
    }

    @Test func anEvenMapStaysAsItIs() throws {
        #expect(try MovePlan.rebalancing(ClusterMap.even(3)).moves.isEmpty)
    }

    @Test func slotsUnderWayCountWhereTheyAreGoing() throws {
        let once = try MovePlan.adding([Replica(name: "new", address: "127.0.0.1:9999")], to: ClusterMap.even(3))
        let twice = try MovePlan.rebalancing(once)
        #expect(twice.moves == once.moves)
    }

    @Test func aNumberIsNeverUsedTwice() throws {
        let drained = try Self.moved(MovePlan.draining("shard-3", in: ClusterMap.even(3)))
        let without = try MovePlan.removing("shard-3", from: drained)
        let again = try MovePlan.adding([Replica(name: "shard-3", address: "127.0.0.1:9999")], to: without)
        #expect(again.groups.last?.id == ShardID(3))
    }

    @Test func aMoveIsHeldAndGivenUpUntilItsTargetOwnsTheSlots() throws {
        let plan = try MovePlan.draining("shard-1", in: ClusterMap.even(2))
        let id = try #require(plan.moves.first?.id)
        #expect(try MovePlan.pausing(id, true, in: plan).moves[0].isPaused)
        #expect(try MovePlan.aborting(id, in: plan).moves[0].phase == .aborted)
        let flipped = try plan.changing { map in
            map.moves[0].phase = .flipped
            for slot in map.moves[0].slots.joined() { map.owners[slot] = map.moves[0].target }
        }
        #expect(throws: TopologyError.self) { try MovePlan.aborting(id, in: flipped) }
        #expect(throws: TopologyError.self) { try MovePlan.aborting(id + 1, in: plan) }
    }

    @Test func whoIsUnknownOrTheLastCannotLeave() throws {
        #expect(throws: TopologyError.self) { try MovePlan.draining("nobody", in: ClusterMap.even(2)) }
        #expect(throws: TopologyError.self) { try MovePlan.draining("shard-1", in: ClusterMap.even(1)) }
        #expect(throws: TopologyError.self) {
            try MovePlan.adding([Replica(name: "shard-1", address: "127.0.0.1:1")], to: ClusterMap.even(2))
        }
    }
}
