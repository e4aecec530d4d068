import Identifiers
import ShardProtocol
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
        let loads = try await loads(for: change)
        for _ in 0..<Self.changeAttempts {
            let stored = try await storedMap()
            do throws(TopologyError) {
                let next = try Self.plan(change, stored.map, bytesPerSecond, loads)
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

    /// Says what a change would lead to; nothing of it is done.
    ///
    /// - Throws: `RegistryError.invalid` where the change is not possible.
    public func forecast(_ change: TopologyChange) async throws(RegistryError) -> LayoutForecast {
        let map = try await storedMap().map
        let weights = await loads()
        try Self.check(weights, for: change)
        let next: ClusterMap
        do throws(TopologyError) {
            next = try Self.plan(change, map, 0, weights)
        } catch {
            throw .invalid(error.description)
        }
        let (before, after) = (weights.byGroup(map.destinations), weights.byGroup(next.destinations))
        let known = Set(map.moves.map(\.id))
        let planned = next.moves.filter { !known.contains($0.id) }
        return LayoutForecast(
            moves: planned.map { MoveView($0, in: next, nil, now: 0) },
            shards: next.groups.map { group in
                LayoutForecast.Shard(
                    name: MoveView.name(group.id, in: next),
                    before: before[group.id] ?? SlotLoads.Load(),
                    after: after[group.id] ?? SlotLoads.Load()
                )
            },
            bytes: planned.flatMap { $0.slots.joined() }.reduce(0) { $0 + weights.bytes[$1] }
        )
    }

    /// Questions a minute below which nothing is planned by heat: of few questions chance alone makes some slots hot.
    static let fewestQuestions = 1_000.0

    /// What a change has to know of slots.
    private func loads(for change: TopologyChange) async throws(RegistryError) -> SlotLoads {
        guard case .spread = change else { return SlotLoads(heat: [], bytes: []) }
        let loads = await loads()
        try Self.check(loads, for: change)
        return loads
    }

    /// Refuses to plan by heat where too little was measured.
    private static func check(_ loads: SlotLoads, for change: TopologyChange) throws(RegistryError) {
        let asked = loads.heat.reduce(0, +)
        guard case .spread = change, asked < fewestQuestions else { return }
        throw .invalid(
            "this node was asked \(Int(asked)) times a minute, too few to tell hot slots from others; ask the "
                + "coordinator that serves the clients (counting begins when its status is asked for first)"
        )
    }

    /// What each slot weighs: how often this node asked for it, and its part of what its shard says it holds.
    private func loads() async -> SlotLoads {
        let heat = fanOut.heat.perMinute(now: clock.milliseconds())
        let shards = await ShardStatusReader(fanOut: fanOut, clock: clock, deadline: limits.statusDeadline).read()
        var each: [ShardID: Double] = [:]
        for shard in shards where shard.slots > 0 {
            guard case .success(let status) = shard.status else { continue }
            each[shard.id] = Double(status.stateBytes + status.logBytes) / Double(shard.slots)
        }
        let bytes = fanOut.routing.map.owners.map { each[$0] ?? 0 }
        return SlotLoads(heat: heat, bytes: bytes)
    }

    private func views(of map: ClusterMap) -> [MoveView] {
        let (figures, now) = (moveFigures, clock.milliseconds())
        return map.moves.map { MoveView($0, in: map, figures, now: now) }
    }

    private static func plan(
        _ change: TopologyChange,
        _ map: ClusterMap,
        _ rate: UInt64,
        _ loads: SlotLoads
    ) throws(TopologyError) -> ClusterMap {
        switch change {
        case .addShard(let replicas): try MovePlan.adding(replicas, to: map, bytesPerSecond: rate)
        case .drain(let name): try MovePlan.draining(name, in: map, bytesPerSecond: rate)
        case .remove(let name): try MovePlan.removing(name, from: map)
        case .rebalance: try MovePlan.rebalancing(map, bytesPerSecond: rate)
        case .spread: try MovePlan.spreading(loads, in: map, bytesPerSecond: rate)
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
