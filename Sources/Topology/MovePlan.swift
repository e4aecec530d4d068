import Identifiers

/// What operators ask of a map: who joins, who leaves, what moves.
///
/// Each answers the map after the change; the caller puts it in place of the one it began with.
public enum MovePlan {
    /// Moves that are remembered after they are over; older ones are forgotten when new ones are planned.
    static let memory = 200

    /// A map with one group more, and moves that give it its share of slots.
    ///
    /// Only the first replica begins in sync: whether another one holds nothing, as it should, is found out when it is
    /// brought to what the first one has.
    ///
    /// - Parameters:
    ///   - replicas: the copies of the group, one at least.
    ///   - map: the map it joins.
    ///   - bytesPerSecond: how fast rows may stream; 0 for as fast as they can.
    /// - Returns: the map after it.
    /// - Throws: `TopologyError.broken` where the name is taken or the address cannot be one.
    public static func adding(
        _ replicas: [Replica],
        to map: ClusterMap,
        bytesPerSecond: UInt64 = 0
    ) throws(TopologyError) -> ClusterMap {
        // Never a number that was used before: somebody may still have rows under it.
        let known = map.groups.map(\.id) + map.moves.flatMap { [$0.source, $0.target] }
        let number = (known.map(\.rawValue).max() ?? 0) + 1
        return try map.changing { map in
            var replicas = replicas
            for place in replicas.indices { replicas[place].state = place == 0 ? .inSync : .out }
            map.groups.append(ShardGroup(id: ShardID(number), replicas: replicas))
            level(&map, among: map.groups.map(\.id), bytesPerSecond: bytesPerSecond)
        }
    }

    /// A map with moves that take all slots from a group.
    ///
    /// - Throws: `TopologyError.broken` where there is no such group or nobody to take its slots.
    public static func draining(
        _ name: String,
        in map: ClusterMap,
        bytesPerSecond: UInt64 = 0
    ) throws(TopologyError) -> ClusterMap {
        let group = try group(name, in: map)
        let others = map.groups.map(\.id).filter { $0 != group }
        guard !others.isEmpty else { throw .broken("nobody is left to take the slots of \(name)") }
        return try map.changing { level(&$0, among: others, bytesPerSecond: bytesPerSecond) }
    }

    /// A map with moves after which all groups have equally many slots, give or take one.
    public static func rebalancing(_ map: ClusterMap, bytesPerSecond: UInt64 = 0) throws(TopologyError) -> ClusterMap {
        try map.changing { level(&$0, among: $0.groups.map(\.id), bytesPerSecond: bytesPerSecond) }
    }

    /// A map with moves after which no group is asked much more than its share, as far as slots can be dealt out so.
    ///
    /// Where slots are not even within a tenth they are made so first. Hot slots move only where that lowers what the
    /// hottest group is asked by a tenth of an even share: what is measured a minute later differs a little, and
    /// nothing must wander for that.
    ///
    /// - Parameters:
    ///   - loads: what each slot weighs.
    ///   - map: the map.
    ///   - bytesPerSecond: how fast rows may stream; 0 for as fast as they can.
    /// - Returns: the map after it.
    /// - Throws: `TopologyError.broken`.
    public static func spreading(
        _ loads: SlotLoads,
        in map: ClusterMap,
        bytesPerSecond: UInt64 = 0
    ) throws(TopologyError) -> ClusterMap {
        let fixed = map.owners.indices.map { slot in map.moves.contains { !$0.phase.isOver && $0.holds(slot) } }
        let even = Double(Slot.count) / Double(map.groups.count)
        let now = loads.byGroup(map.destinations)
        let isEven = map.groups.allSatisfy { group in
            abs(Double(now[group.id]?.slots ?? 0) - even) <= even * HeatPlan.evenness
        }
        let first = isEven ? map.destinations : try rebalancing(map).destinations
        var plan = HeatPlan(groups: map.groups.map(\.id), owners: first, fixed: fixed, loads: loads)
        _ = plan.spread()
        return try map.changing { map in
            for source in map.groups.map(\.id) {
                for target in map.groups.map(\.id) where target != source {
                    let slots = map.owners.indices.filter { slot in
                        !fixed[slot] && map.owners[slot] == source && plan.owners[slot] == target
                    }
                    if !slots.isEmpty { append(slots, from: source, to: target, bytesPerSecond, &map) }
                }
            }
            forget(&map)
        }
    }

    /// A map without a group that has nothing any more.
    ///
    /// - Throws: `TopologyError.broken` where there is no such group, or it still owns or receives slots.
    public static func removing(_ name: String, from map: ClusterMap) throws(TopologyError) -> ClusterMap {
        let group = try group(name, in: map)
        guard !map.owners.contains(group) else { throw .broken("\(name) still owns slots: drain it first") }
        guard !map.moves.contains(where: { !$0.phase.isOver && ($0.source == group || $0.target == group) }) else {
            throw .broken("slots are still moving from or to \(name)")
        }
        return try map.changing { map in map.groups.removeAll { $0.id == group } }
    }

    /// A map in which a move is held or goes on.
    ///
    /// - Throws: `TopologyError.broken` where no such move is under way.
    public static func pausing(_ id: UInt64, _ isPaused: Bool, in map: ClusterMap) throws(TopologyError) -> ClusterMap {
        let place = try place(of: id, in: map)
        return try map.changing { $0.moves[place].isPaused = isPaused }
    }

    /// A map in which a move is given up; its slots stay where they are.
    ///
    /// - Throws: `TopologyError.broken` where no such move is under way, or its target owns the slots already.
    public static func aborting(_ id: UInt64, in map: ClusterMap) throws(TopologyError) -> ClusterMap {
        let place = try place(of: id, in: map)
        guard map.moves[place].phase != .flipped else {
            throw .broken("move \(id) cannot be given up any more: the target owns its slots")
        }
        return try map.changing { $0.moves[place].phase = .aborted }
    }

    private static func place(of id: UInt64, in map: ClusterMap) throws(TopologyError) -> Int {
        guard let place = map.moves.firstIndex(where: { $0.id == id }), !map.moves[place].phase.isOver else {
            throw .broken("no move \(id) is under way")
        }
        return place
    }

    /// The group of a name: of a replica, or `shard-N`.
    private static func group(_ name: String, in map: ClusterMap) throws(TopologyError) -> ShardID {
        let found = map.groups.first { group in
            "\(group.id)" == name || group.replicas.contains { $0.name == name }
        }
        guard let found else {
            let known = map.groups.flatMap { $0.replicas.map(\.name) }.joined(separator: ", ")
            throw .broken("there is no shard called \(name); there are \(known)")
        }
        return found.id
    }

    // MARK: Slots

    /// Plans moves after which the slots are dealt out evenly; slots that are moving already stay with their move.
    private static func level(_ map: inout ClusterMap, among receivers: [ShardID], bytesPerSecond: UInt64) {
        var free: [ShardID: [Int]] = [:]
        var counts: [ShardID: Int] = [:]
        var moving = [ShardID?](repeating: nil, count: Slot.count)
        for move in map.moves where !move.phase.isOver {
            for slot in move.slots.joined() { moving[slot] = move.target }
        }
        for (slot, owner) in map.owners.enumerated() {
            counts[moving[slot] ?? owner, default: 0] += 1
            if moving[slot] == nil { free[owner, default: []].append(slot) }
        }
        let share = Slot.count / receivers.count
        let rest = Slot.count % receivers.count
        // Whoever has most keeps the odd slot: the fewest slots move.
        let ranked = receivers.sorted { (counts[$0] ?? 0, $1) > (counts[$1] ?? 0, $0) }
        var quota: [ShardID: Int] = [:]
        for (rank, group) in ranked.enumerated() { quota[group] = share + (rank < rest ? 1 : 0) }
        var wanting = receivers.map { (group: $0, slots: (quota[$0] ?? 0) - (counts[$0] ?? 0)) }.filter { $0.slots > 0 }
        for donor in map.groups.map(\.id) {
            var surplus = min((counts[donor] ?? 0) - (quota[donor] ?? 0), free[donor]?.count ?? 0)
            while surplus > 0, var next = wanting.first {
                let count = min(surplus, next.slots)
                let slots = free[donor]?.suffix(count) ?? []
                free[donor]?.removeLast(count)
                append(Array(slots), from: donor, to: next.group, bytesPerSecond, &map)
                surplus -= count
                next.slots -= count
                wanting[0] = next
                if next.slots == 0 { wanting.removeFirst() }
            }
        }
        forget(&map)
    }

    /// Forgets the oldest moves that are over.
    private static func forget(_ map: inout ClusterMap) {
        let over = map.moves.count { $0.phase.isOver }
        var surplus = over - memory
        map.moves.removeAll { move in
            guard surplus > 0, move.phase.isOver else { return false }
            surplus -= 1
            return true
        }
    }

    private static func append(
        _ slots: [Int],
        from source: ShardID,
        to target: ShardID,
        _ rate: UInt64,
        _ map: inout ClusterMap
    ) {
        var ranges: [Range<Int>] = []
        for slot in slots {
            if let last = ranges.last, last.upperBound == slot {
                ranges[ranges.count - 1] = last.lowerBound..<(slot + 1)
            } else {
                ranges.append(slot..<(slot + 1))
            }
        }
        map.moves.append(
            SlotMove(
                id: (map.moves.last?.id ?? 0) + 1,
                slots: ranges,
                source: source,
                target: target,
                bytesPerSecond: rate
            )
        )
    }
}
