import Identifiers
import ShardProtocol
import SimulationKit
import Testing
import Topology

@testable import Coordinator

/// Where rows go while their slots are on the move.
@Suite("Routing") struct RoutingTests {
    private static func table(_ phase: SlotMove.Phase) throws -> RoutingTable {
        let groups = (0..<3).map { number in
            ShardGroup(id: ShardID(UInt16(number)), replicas: [Replica(name: "s\(number)", address: "here:\(number)")])
        }
        var owners = SlotMap(evenly: 2).owners
        if phase == .flipped { for slot in 0..<100 { owners[slot] = ShardID(2) } }
        let move = SlotMove(id: 1, slots: [0..<100], source: ShardID(0), target: ShardID(2), phase: phase)
        let map = try ClusterMap(version: 1, groups: groups, owners: owners, moves: [move])
        return RoutingTable(StoredMap(map: map, revision: 1)) { _ in TwinShard() }
    }

    @Test(arguments: SlotMove.Phase.allCases)
    func writesGoToBothEndsFromTheFirstCopyToTheDrop(phase: SlotMove.Phase) throws {
        let table = try Self.table(phase)
        let hash = Slot(50)?.firstHash ?? 0
        let row = ReadRequest.Address(.link, StoreKey(hash))
        let parts = RowRouter(routing: table.current).route([.row(row, [1])])
        let expected: [UInt16] =
            switch phase {
            case .planned, .aborted: [0]
            case .copying, .caughtUp, .flipped: [0, 2]
            case .dropped: [0]
            }
        #expect(parts.map(\.shard) == expected.map { ShardID($0) })
        #expect(table.current.owner(ofHash: hash) == ShardID(phase == .flipped ? 2 : 0))
    }

    @Test func aSourceThatWasReleasedGetsNothingMore() throws {
        let table = try Self.table(.flipped)
        table.release(1)
        let row = ReadRequest.Address(.link, StoreKey(Slot(50)?.firstHash ?? 0))
        #expect(RowRouter(routing: table.current).route([.row(row, [1])]).map(\.shard) == [ShardID(2)])
    }

    @Test func featureRowsFollowPostingsToBothEnds() throws {
        let table = try Self.table(.copying)
        let moving = Slot(50)?.firstHash ?? 0
        let resting = Slot(3_000)?.firstHash ?? 0
        let router = RowRouter(routing: table.current)
        let written = router.route([.feature(RecordID(1), row: [1], keys: [moving, resting])])
        #expect(written.map(\.shard) == [ShardID(0), ShardID(1), ShardID(2)])
        let dropped = router.route([.dropFeature(RecordID(1), keys: [moving, resting], keeping: [resting])])
        #expect(dropped.map(\.shard) == [ShardID(0), ShardID(2)])
    }

    @Test func anOlderMapIsIgnored() throws {
        let table = try Self.table(.copying)
        let map = table.current.map
        table.install(StoredMap(map: map, revision: 0))
        #expect(table.current.revision == 1)
    }

    @Test func aGroupWithoutSlotsIsNotNeeded() throws {
        #expect(try Self.table(.planned).current.activeGroups == [ShardID(0), ShardID(1)])
        #expect(try Self.table(.copying).current.activeGroups == [ShardID(0), ShardID(1), ShardID(2)])
    }
}
