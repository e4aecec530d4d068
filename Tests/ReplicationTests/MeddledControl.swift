import Identifiers
import Locks
import SimulationKit
import Topology

/// A control plane where something happens right after a change of the map.
final class MeddledControl: ControlPlaneClient {
    private let control: SimulatedControl
    private let meddling = Mutex<(@Sendable () async -> Void)?>(nil)

    init(_ control: SimulatedControl) { self.control = control }

    func afterNextReplacement(_ body: @escaping @Sendable () async -> Void) { meddling.withLock { $0 = body } }

    func beginEpoch() async throws -> Epoch { try await control.beginEpoch() }
    func holds(_ epoch: Epoch) -> Bool { control.holds(epoch) }
    func resign(_ epoch: Epoch) async { await control.resign(epoch) }
    func leader() -> Leader? { control.leader() }
    func clusterMap() async throws(TopologyError) -> StoredMap { try await control.clusterMap() }
    func changes() -> AsyncStream<StoredMap> { control.changes() }

    func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        let new = try await control.replace(map, expecting: revision)
        let body = meddling.withLock { meddling in
            defer { meddling = nil }
            return meddling
        }
        await body?()
        return new
    }
}
