import Identifiers
import Locks
import Topology

/// Which replicas lost their disk and are still taken for being in sync: only what another replica has may be lost.
final class WipedReplicas: Sendable {
    private let names = Mutex(Set<String>())

    /// Whether a node's disk may be lost now; then it counts as lost.
    func mayLose(_ node: Int, _ options: SimulationOptions, _ control: SimulatedControl) async -> Bool {
        guard let map = try? await control.clusterMap().map else { return false }
        let group = map.groups[node / options.replicas]
        let name = group.replicas[node % options.replicas].name
        return names.withLock { names in
            for replica in map.groups.flatMap(\.replicas) where replica.state != .inSync { names.remove(replica.name) }
            let others = group.inSync.map(\.name).filter { $0 != name && !names.contains($0) }
            guard !others.isEmpty else { return false }
            names.insert(name)
            return true
        }
    }
}
