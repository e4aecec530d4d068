import Topology

/// What operators ask of the cluster's layout; any coordinator answers, the leader carries it out.
extension Registry {
    /// How often somebody else may change the map before an operator is told to try again.
    private static let changeAttempts = 8

    /// Moves that are under way or were, in the order in which they were planned.
    public func moves() async throws(RegistryError) -> [MoveView] {
        views(of: try await storedMap().map)
    }

    /// Changes the cluster map; returns when that is durable, not when the moves are over.
    ///
    /// - Parameters:
    ///   - change: what is wanted.
    ///   - bytesPerSecond: how fast rows of new moves may stream; 0 for as fast as they can.
    /// - Returns: the moves, new ones included.
    /// - Throws: `RegistryError.invalid` where the change is not possible.
    public func change(_ change: TopologyChange, bytesPerSecond: UInt64) async throws(RegistryError) -> [MoveView] {
        for _ in 0..<Self.changeAttempts {
            let stored = try await storedMap()
            do throws(TopologyError) {
                let next = try Self.plan(change, stored.map, bytesPerSecond)
                _ = try await control.replace(next, expecting: stored.revision)
                return views(of: next)
            } catch .conflict {
                continue
            } catch .broken(let reason) {
                throw .invalid(reason)
            } catch {
                throw .unavailable(reason: error.description, retryAfterSeconds: 1)
            }
        }
        throw .unavailable(reason: "the cluster map is being changed by others", retryAfterSeconds: 1)
    }

    private func views(of map: ClusterMap) -> [MoveView] {
        let (figures, now) = (moveFigures, clock.milliseconds())
        return map.moves.map { MoveView($0, in: map, figures, now: now) }
    }

    private static func plan(
        _ change: TopologyChange,
        _ map: ClusterMap,
        _ rate: UInt64
    ) throws(TopologyError) -> ClusterMap {
        switch change {
        case .addShard(let replicas): try MovePlan.adding(replicas, to: map, bytesPerSecond: rate)
        case .drain(let name): try MovePlan.draining(name, in: map, bytesPerSecond: rate)
        case .remove(let name): try MovePlan.removing(name, from: map)
        case .rebalance: try MovePlan.rebalancing(map, bytesPerSecond: rate)
        case .pause(let id): try MovePlan.pausing(id, true, in: map)
        case .resume(let id): try MovePlan.pausing(id, false, in: map)
        case .abort(let id): try MovePlan.aborting(id, in: map)
        }
    }

    private func storedMap() async throws(RegistryError) -> StoredMap {
        do throws(TopologyError) {
            return try await control.clusterMap()
        } catch {
            throw .unavailable(reason: error.description, retryAfterSeconds: 1)
        }
    }
}
