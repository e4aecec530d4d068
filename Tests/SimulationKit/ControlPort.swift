import Identifiers
import Topology

/// A coordinator's own end of the way to the control plane: it falls silent with its coordinator.
final class ControlPort: ControlPlaneClient {
    private let control: any ControlPlaneClient
    private let life: CoordinatorLife

    init(_ control: any ControlPlaneClient, of life: CoordinatorLife) {
        self.control = control
        self.life = life
    }

    func beginEpoch() async throws -> Epoch {
        guard life.isAlive else { throw ControlPort.dead }
        return try await control.beginEpoch()
    }

    func holds(_ epoch: Epoch) -> Bool { control.holds(epoch) }

    func resign(_ epoch: Epoch) async {
        if life.isAlive { await control.resign(epoch) }
    }

    func leader() -> Leader? { control.leader() }

    func clusterMap() async throws(TopologyError) -> StoredMap {
        guard life.isAlive else { throw ControlPort.dead }
        return try await control.clusterMap()
    }

    func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        guard life.isAlive else { throw ControlPort.dead }
        return try await control.replace(map, expecting: revision)
    }

    func changes() -> AsyncStream<StoredMap> { control.changes() }

    private static let dead = TopologyError.unavailable("this coordinator was killed")
}
