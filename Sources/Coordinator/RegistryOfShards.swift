import Identifiers
package import Matching
package import ShardProtocol
package import Topology

/// A registry over shards that are there from the beginning, numbered from 0, each a group of one.
extension Registry {
    /// Puts a registry together; nothing happens before `run`.
    ///
    /// - Parameters:
    ///   - slots: which shard owns what.
    ///   - shards: a client of each shard, in the order of shard numbers.
    ///   - rules: the active rule set.
    ///   - control: decides who leads, and keeps the map.
    ///   - link: the way to another coordinator that leads.
    ///   - tools: what backups and scrubs need.
    ///   - limits: bounds.
    ///   - clock: time.
    ///   - planted: faults for a test to find.
    ///   - observe: told what operators want to know.
    package convenience init(
        slots: SlotMap,
        shards: [any ShardClient],
        rules: RuleSet,
        control: any ControlPlaneClient,
        link: (any LeaderLink)? = nil,
        tools: KeepingTools = KeepingTools(),
        limits: CoordinatorLimits = CoordinatorLimits(),
        clock: any CoordinatorClock,
        planted: Set<PlantedFault> = [],
        observe: @escaping @Sendable (CoordinatorEvent) -> Void = { _ in }
    ) {
        precondition(slots.shardCount <= shards.count, "a client for each shard")
        let groups = slots.shards.map { shard in
            let name = "\(shard)"
            return ShardGroup(id: shard, replicas: [Replica(name: name, address: name, state: .inSync)])
        }
        guard let map = try? ClusterMap(version: 1, groups: groups, owners: slots.owners) else {
            preconditionFailure("a slot map has an owner for each slot")
        }
        self.init(
            map: StoredMap(map: map, revision: 0),
            connect: { shards[Int($0.id.rawValue)] },
            rules: rules,
            control: control,
            link: link,
            tools: tools,
            limits: limits,
            clock: clock,
            planted: planted,
            observe: observe
        )
    }
}
