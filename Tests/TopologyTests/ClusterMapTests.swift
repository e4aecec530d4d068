import Identifiers
import Testing

@testable import Topology

struct ClusterMapTests {
    private static func groups(_ count: Int) -> [ShardGroup] {
        (0..<count).map {
            ShardGroup(id: ShardID(UInt16($0)), replicas: [Replica(name: "shard-\($0 + 1)", address: "h:\($0)")])
        }
    }

    @Test(arguments: [1, 2, 3, 7, 64]) func theFirstMapDealsLikeTheSlotMap(count: Int) throws {
        let map = try ClusterMap(evenly: Self.groups(count))
        #expect(SlotMap(map) == SlotMap(evenly: count))
        #expect(map.version == 1)
    }

    @Test func aChangeCountsTheVersionUp() throws {
        let map = try ClusterMap(evenly: Self.groups(2))
        let next = try map.changing { $0.groups[0].replicas[0].address = "elsewhere:1" }
        #expect(next.version == 2)
        #expect(next.group(ShardID(0))?.replicas.first?.address == "elsewhere:1")
        #expect(map.version == 1)
    }

    @Test func aChangeThatLeavesSomethingUnsoundIsRefused() throws {
        let map = try ClusterMap(evenly: Self.groups(2))
        let breakages: [(String, (inout ClusterMap) -> Void)] = [
            ("no group", { $0.groups = [] }),
            ("no replica", { $0.groups[0].replicas = [] }),
            ("none in sync", { $0.groups[0].replicas[0].state = .out }),
            ("more wanted than there are", { $0.groups[0].minimumInSync = 2 }),
            ("none wanted", { $0.groups[0].minimumInSync = 0 }),
            ("a blank in a name", { $0.groups[0].replicas[0].name = "shard 1" }),
            ("an empty address", { $0.groups[0].replicas[0].address = "" }),
            ("one name twice", { $0.groups[0].replicas[0].name = "shard-2" }),
            ("groups out of order", { $0.groups.swapAt(0, 1) }),
            ("a slot too few", { $0.owners.removeLast() }),
            ("an owner that does not exist", { $0.owners[5] = ShardID(9) }),
            ("a group that still owns slots is gone", { $0.groups.removeLast() }),
        ]
        for (name, breakage) in breakages {
            #expect(throws: TopologyError.self, "\(name)") { try map.changing(breakage) }
        }
    }

    @Test func movesThatContradictTheOwnersAreRefused() throws {
        let map = try ClusterMap(evenly: Self.groups(3))
        let (a, b) = (ShardID(0), ShardID(1))
        let broken = [
            [SlotMove(id: 1, slots: [], source: a, target: b)],
            [SlotMove(id: 1, slots: [5..<5], source: a, target: b)],
            [SlotMove(id: 1, slots: [5..<6, 6..<7], source: a, target: b)],
            [SlotMove(id: 1, slots: [8..<9, 5..<6], source: a, target: b)],
            [SlotMove(id: 1, slots: [0..<4_097], source: a, target: b)],
            [SlotMove(id: 1, slots: [-1..<2], source: a, target: b)],
            [SlotMove(id: 1, slots: [0..<2], source: a, target: a)],
            [SlotMove(id: 1, slots: [0..<2], source: b, target: a)],
            [SlotMove(id: 1, slots: [0..<2], source: a, target: ShardID(7))],
            [SlotMove(id: 1, slots: [0..<2], source: a, target: b, phase: .flipped)],
            [
                SlotMove(id: 1, slots: [0..<2], source: a, target: b),
                SlotMove(id: 2, slots: [1..<3], source: a, target: b),
            ],
            [
                SlotMove(id: 2, slots: [0..<1], source: a, target: b),
                SlotMove(id: 2, slots: [1..<3], source: a, target: b),
            ],
        ]
        for moves in broken {
            #expect(throws: TopologyError.self, "\(moves)") { try map.changing { $0.moves = moves } }
        }
        let over = SlotMove(id: 1, slots: [0..<2], source: ShardID(40), target: b, phase: .dropped)
        let next = SlotMove(id: 2, slots: [0..<2], source: a, target: b, phase: .copying)
        let moving = try map.changing { $0.moves = [over, next] }
        #expect(Slot(1).flatMap(moving.move(of:))?.id == 2)
        #expect(Slot(2).flatMap(moving.move(of:)) == nil)
    }

    @Test func aReplicaThatListensElsewhereKeepsItsName() throws {
        let map = try MapSamples.elastic()
        var moved = map
        moved.groups[1].replicas[0].address = "10.0.0.9:9999"
        let readdressed = try #require(try map.readdressed(by: moved))
        #expect(readdressed.version == 8)
        #expect(readdressed.groups == moved.groups)
        #expect(try readdressed.readdressed(by: moved) == nil)
    }
}
