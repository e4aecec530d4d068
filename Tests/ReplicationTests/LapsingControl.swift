import Identifiers
import Locks
import SimulationKit
import Topology

/// A control plane whose lease ends when a test says so.
final class LapsingControl: ControlPlaneClient {
    private let control: SimulatedControl
    private let isOver = Mutex(false)

    init(_ control: SimulatedControl) { self.control = control }

    func lapse() { isOver.withLock { $0 = true } }

    func beginEpoch() async throws -> Epoch { try await control.beginEpoch() }
    func holds(_ epoch: Epoch) -> Bool { !isOver.withLock { $0 } }
    func resign(_ epoch: Epoch) async { await control.resign(epoch) }
    func leader() -> Leader? { control.leader() }
    func clusterMap() async throws(TopologyError) -> StoredMap { try await control.clusterMap() }
    func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        try await control.replace(map, expecting: revision)
    }
    func changes() -> AsyncStream<StoredMap> { control.changes() }
}
