public import Identifiers

/// Everything that is decided about where data lives: the groups, who owns each slot, and what is on the move.
///
/// A map is a value. It changes by `changing`, which counts the version up and refuses what is not sound; the control
/// plane takes the new one only where nobody was faster.
public struct ClusterMap: Sendable, Equatable {
    /// Grows by one with each change, from 1.
    public private(set) var version: UInt64
    /// The groups in ascending order of their numbers, which need not be without gaps.
    public var groups: [ShardGroup]
    /// The owners, by slot number.
    public var owners: [ShardID]
    /// What is or was on the move, in ascending order of ids.
    public var moves: [SlotMove]

    /// Puts a map together as it was written down.
    ///
    /// - Throws: `TopologyError.broken`.
    public init(
        version: UInt64,
        groups: [ShardGroup],
        owners: [ShardID],
        moves: [SlotMove] = []
    ) throws(TopologyError) {
        self.version = version
        self.groups = groups
        self.owners = owners
        self.moves = moves
        try check()
    }

    /// The first map of a cluster: all slots dealt out to the groups in contiguous runs, equal give or take one.
    ///
    /// - Throws: `TopologyError.broken`, also where the groups are not numbered 0, 1, 2 ...
    public init(evenly groups: [ShardGroup]) throws(TopologyError) {
        guard !groups.isEmpty else { throw .broken("there is no group") }
        try self.init(
            version: 1,
            groups: groups,
            owners: (0..<Slot.count).map { groups[$0 * groups.count / Slot.count].id }
        )
    }

    /// The map after a change, one version later.
    ///
    /// - Throws: `TopologyError.broken` where the change leaves something that is not sound.
    public func changing(_ edit: (inout ClusterMap) -> Void) throws(TopologyError) -> ClusterMap {
        var map = self
        edit(&map)
        guard version < .max else { throw .broken("the version cannot grow any more") }
        map.version = version + 1
        try map.check()
        return map
    }

    /// The owner of a slot.
    public func owner(of slot: Slot) -> ShardID { owners[Int(slot.rawValue)] }

    /// A group by its number.
    public func group(_ id: ShardID) -> ShardGroup? { groups.first { $0.id == id } }

    /// The move that a slot is under, where there is one that is not over.
    public func move(of slot: Slot) -> SlotMove? { moves.first { !$0.phase.isOver && $0.contains(slot) } }

    /// By slot number, who owns it when the moves under way are over.
    public var destinations: [ShardID] {
        var owners = owners
        for move in moves where !move.phase.isOver {
            for slot in move.slots.joined() { owners[slot] = move.target }
        }
        return owners
    }

    /// How many slots a group owns.
    public func slotCount(of id: ShardID) -> Int { owners.count { $0 == id } }

    /// The same map with the addresses that another one has for replicas of the same names; `nil` where none differs.
    ///
    /// A process that listens elsewhere is still the same replica.
    ///
    /// - Throws: `TopologyError.broken`.
    public func readdressed(by other: ClusterMap) throws(TopologyError) -> ClusterMap? {
        var addresses: [String: String] = [:]
        for replica in other.groups.flatMap(\.replicas) { addresses[replica.name] = replica.address }
        var groups = groups
        for group in groups.indices {
            for place in groups[group].replicas.indices {
                guard let address = addresses[groups[group].replicas[place].name] else { continue }
                groups[group].replicas[place].address = address
            }
        }
        guard groups != self.groups else { return nil }
        return try changing { $0.groups = groups }
    }

    // MARK: Invariants

    /// Refuses a map that breaks an invariant; the text says which.
    public func check() throws(TopologyError) {
        guard version > 0 else { throw .broken("versions begin with 1") }
        try checkGroups()
        guard owners.count == Slot.count else {
            throw .broken("\(owners.count) slots have an owner instead of \(Slot.count)")
        }
        let known = Set(groups.map(\.id))
        for (slot, owner) in owners.enumerated() where !known.contains(owner) {
            throw .broken("slot \(slot) belongs to \(owner), which does not exist")
        }
        try checkMoves(known)
    }

    private func checkGroups() throws(TopologyError) {
        guard !groups.isEmpty else { throw .broken("there is no group") }
        var last: ShardID?
        var names: Set<String> = []
        for group in groups {
            try group.check()
            if let last, group.id <= last { throw .broken("\(group.id) does not come after \(last)") }
            last = group.id
            for replica in group.replicas where !names.insert(replica.name).inserted {
                throw .broken("two replicas are called \(replica.name)")
            }
        }
    }

    private func checkMoves(_ known: Set<ShardID>) throws(TopologyError) {
        guard moves.count <= SlotMove.limit else { throw .broken("more than \(SlotMove.limit) moves are remembered") }
        var last: UInt64?
        var moving: Set<Int> = []
        for move in moves {
            try move.check()
            if let last, move.id <= last { throw .broken("move \(move.id) does not come after move \(last)") }
            last = move.id
            if move.phase.isOver { continue }
            guard known.contains(move.source), known.contains(move.target) else {
                throw .broken("move \(move.id) is between groups that do not exist")
            }
            let owner = move.phase == .flipped ? move.target : move.source
            for slot in move.slots.joined() {
                guard moving.insert(slot).inserted else { throw .broken("slot \(slot) is under two moves") }
                guard owners[slot] == owner else {
                    throw .broken("slot \(slot) of move \(move.id), \(move.phase.rawValue), must belong to \(owner)")
                }
            }
        }
    }
}
