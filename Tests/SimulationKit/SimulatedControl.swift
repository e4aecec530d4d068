public import Identifiers
import Locks
public import Topology

/// A control plane in memory that never fails: counts epochs, keeps a map.
///
/// Whoever asks leads, whether or not another still believes it does: what two leaders at once do to the shards is
/// then up to fencing alone.
public final class SimulatedControl: ControlPlaneClient {
    private struct State {
        var epoch = Epoch(0)
        var stored: StoredMap?
    }

    private let state = Mutex(State())
    private let channel = MapChannel()
    private let seed: ClusterMap?
    private let changed: @Sendable (StoredMap) -> Void

    /// Starts before any leader.
    ///
    /// - Parameters:
    ///   - seed: the first map; without it there is none until somebody replaces revision 0.
    ///   - changed: hears of every map that is kept.
    public init(seed: ClusterMap? = nil, changed: @escaping @Sendable (StoredMap) -> Void = { _ in }) {
        self.seed = seed
        self.changed = changed
    }

    /// The map that was kept last.
    var stored: StoredMap? { state.withLock { $0.stored } }

    /// Begins the next epoch.
    public func beginEpoch() async throws -> Epoch {
        state.withLock { state in
            state.epoch = state.epoch.next
            return state.epoch
        }
    }

    /// Always: nobody is stopped by a lease.
    public func holds(_ epoch: Epoch) -> Bool { true }

    /// Does nothing.
    public func resign(_ epoch: Epoch) async {}

    /// Nobody.
    public func leader() -> Leader? { nil }

    /// The map, or the seed, which becomes it.
    public func clusterMap() async throws(TopologyError) -> StoredMap {
        if let stored = state.withLock({ $0.stored }) { return stored }
        guard let seed else { throw .missing }
        return StoredMap(map: seed, revision: try await replace(seed, expecting: 0))
    }

    /// Puts a map in the place of the one of that revision; 0 stands for none.
    public func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        try map.check()
        let outcome = state.withLock { state -> Result<StoredMap, TopologyError> in
            guard state.stored?.revision ?? 0 == revision else { return .failure(.conflict) }
            if let current = state.stored?.map, map.version != current.version + 1 {
                return .failure(.broken("version \(map.version) does not follow \(current.version)"))
            }
            let stored = StoredMap(map: map, revision: revision + 1)
            state.stored = stored
            return .success(stored)
        }
        let stored = try outcome.get()
        changed(stored)
        channel.tell(stored)
        return stored.revision
    }

    /// The map now and whenever it changes.
    public func changes() -> AsyncStream<StoredMap> { channel.maps() }
}
