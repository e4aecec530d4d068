import Identifiers
import Replication
import ShardProtocol
import Topology

/// What replicated shards add to a simulated cluster.
enum ReplicatedWorld {
    /// The first map: groups of replicas that are empty and in sync; `nil` where shards have one copy each.
    static func map(_ options: SimulationOptions) -> ClusterMap? {
        guard options.replicas > 1 else { return nil }
        let groups = (0..<options.groups).map { shard in
            ShardGroup(
                id: ShardID(UInt16(shard)),
                replicas: (0..<options.replicas).map { copy in
                    Replica(name: name(shard, copy), address: "node-\(shard * options.replicas + copy)")
                },
                minimumInSync: options.minimumInSync
            )
        }
        return try? ClusterMap(version: 1, groups: groups, owners: SlotMap(evenly: options.shards).owners)
    }

    private static func name(_ shard: Int, _ copy: Int) -> String { "shard-\(shard)-\(copy)" }

    /// A coordinator's groups.
    static func groups(
        _ options: SimulationOptions,
        _ ports: [CoordinatorPort],
        _ control: any ControlPlaneClient,
        _ time: VirtualTime,
        _ planted: Set<ReplicationFault>,
        _ observe: @escaping @Sendable (ShardID, ReplicationEvent) -> Void
    ) -> [ReplicatedShard] {
        (0..<options.groups).map { shard in
            var policy = ReplicaPolicy()
            policy.pageRows = 16
            policy.pagePostings = 64
            policy.gapRows = 8
            policy.digestSlots = DigestRequest.slotLimit
            return ReplicatedShard(
                group: ShardID(UInt16(shard)),
                control: control,
                clock: ReplicaTime(time: time),
                policy: policy,
                planted: planted,
                observe: { observe(ShardID(UInt16(shard)), $0) }
            ) { replica in
                ports[Int(replica.address.dropFirst("node-".count)) ?? 0]
            }
        }
    }

    /// After the storm every replica is in sync and holds what the others of its group hold.
    static func check(
        _ options: SimulationOptions,
        _ control: SimulatedControl,
        _ nodes: [any SimulatedNode]
    ) async -> [String] {
        guard options.replicas > 1 else { return [] }
        guard let map = try? await control.clusterMap().map else { return ["the control plane lost the map"] }
        var violations: [String] = []
        for replica in map.groups.flatMap(\.replicas) where replica.state != .inSync {
            violations.append("\(replica.name) did not come back into sync: \(replica.state)")
        }
        for shard in 0..<options.groups {
            let first = await digests(nodes[shard * options.replicas])
            for copy in 1..<options.replicas {
                let other = await digests(nodes[shard * options.replicas + copy])
                guard first != other else { continue }
                let slots = (0..<Slot.count).filter { first?[$0] != other?[$0] }
                violations.append("\(name(shard, copy)) differs from \(name(shard, 0)) in slots \(slots.prefix(5))")
            }
        }
        return violations
    }

    private static func digests(_ node: any SimulatedNode) async -> [SlotDigest]? {
        var digests: [SlotDigest] = []
        for first in stride(from: 0, to: Slot.count, by: DigestRequest.slotLimit) {
            guard let slot = Slot(first),
                case .digest(let some)? = try? await node.receive(
                    .digest(DigestRequest(first: slot, count: DigestRequest.slotLimit))
                )
            else { return nil }
            digests += some
        }
        return digests
    }
}
