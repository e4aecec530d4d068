import Identifiers
import ShardProtocol
import SimulationKit
import Testing
import Topology

@testable import Replication

struct DamagedReplicaTests {
    @Test func aReplicaWithADamagedDiskIsFilledFromTheOther() async throws {
        let group = try GroupFixture()
        let shard = group.leader()
        _ = try await shard.fence(Epoch(1))
        for number in 1...9 as ClosedRange<UInt64> {
            try await shard.commit(commit(1, number, 5, key: number << 54 | 1))
        }
        await group.nodes[1].rot()
        await shard.check()
        #expect(try await group.states() == [.inSync, .inSync])
        #expect(shard.counters.removed == 1 && shard.counters.returned == 1)
        #expect(try await group.nodes[1].receive(.status) == (try await group.nodes[0].receive(.status)))
        #expect(try await group.digests(0) == (try await group.digests(1)))
    }

    /// What the last copy has is not given up, damaged or not.
    @Test func theLastReplicaInSyncIsNotMended() async throws {
        let group = try GroupFixture()
        let shard = group.leader()
        _ = try await shard.fence(Epoch(1))
        await group.nodes[1].crash()
        try await shard.commit(commit(1, 1, 1, key: 7))
        await group.nodes[0].rot()
        await shard.check()
        #expect(try await group.states() == [.inSync, .out])
        #expect(try await shard.call(row) == .read(ReadAnswer(values: [[1]])))
        await group.nodes[1].restart()
        await shard.check()
        await shard.check()
        #expect(try await group.states() == [.inSync, .inSync])
        for node in group.nodes { #expect(try await node.receive(row) == .read(ReadAnswer(values: [[1]]))) }
    }

    /// The other copy lost its disk unseen: what the damaged one has is all there is.
    @Test func aDamagedReplicaStaysWhereTheOtherLostItsDisk() async throws {
        let group = try GroupFixture()
        let shard = group.leader()
        _ = try await shard.fence(Epoch(1))
        try await shard.commit(commit(1, 1, 1, key: 7))
        await group.nodes[0].rot()
        await group.nodes[1].wipe()
        for _ in 0..<4 { await shard.check() }
        #expect(try await group.states() == [.inSync, .inSync])
        for node in group.nodes { #expect(try await node.receive(row) == .read(ReadAnswer(values: [[1]]))) }
    }

    /// An older leader may not know that the replica is in sync again, and perhaps the only one.
    @Test func anOlderLeaderCannotHaveAReplicaGiveUpAnything() async throws {
        let group = try GroupFixture()
        _ = try await group.leader().fence(Epoch(2))
        await group.nodes[1].rot()
        await #expect(throws: ShardError.staleEpoch(highest: Epoch(2))) {
            _ = try await group.nodes[1].receive(.dropDamaged(Epoch(1)))
        }
    }
}
