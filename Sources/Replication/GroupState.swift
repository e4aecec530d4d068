import Identifiers
import ShardProtocol
import Topology

/// What a node knows of a group: the map, connections, and while it leads the term.
struct GroupState: Sendable {
    /// The newest map that was seen; `nil` before the first.
    private(set) var stored: StoredMap?
    /// Whether the map may have changed since.
    var isStale = true
    /// While this node leads.
    var term: GroupTerm?
    private var clients: [String: (address: String, client: any ShardClient)] = [:]
    private var suspects: [String: Int] = [:]
    private var damage: [String: [String]] = [:]
    private var rotation = 0
    private var hedges = 0
    private var readsPaid = 0
    /// Counts changes of who may be read from.
    private(set) var generation = 0

    /// The group in the map.
    func group(_ id: ShardID) -> ShardGroup? { stored?.map.group(id) }

    /// Takes a map over; an older one changes nothing.
    ///
    /// - Returns: whether the term can go on: a replica that is in sync without this leader's doing ends it.
    mutating func adopt(_ newer: StoredMap, of id: ShardID) -> Bool {
        if let stored, newer.revision < stored.revision { return true }
        stored = newer
        isStale = false
        generation += 1
        guard var current = term else { return true }
        let inSync = newer.map.group(id)?.inSync.map(\.name) ?? []
        for name in inSync where !current.inSync.contains(name) {
            guard let catching = current.catching, catching.name == name, catching.failure == nil else {
                term = nil
                return false
            }
            current.catching = nil
        }
        current.inSync = inSync
        term = current
        return true
    }

    /// The connection to a replica, made where there is none to its address.
    mutating func client(_ replica: Replica, _ connect: (Replica) -> any ShardClient) -> any ShardClient {
        if let known = clients[replica.name], known.address == replica.address { return known.client }
        let client = connect(replica)
        clients[replica.name] = (replica.address, client)
        return client
    }

    // MARK: Reads

    /// Names of the replicas that may be read from, best first: in turn, but suspects last.
    mutating func readOrder(of id: ShardID, includingRemoved: Bool = false) -> [Replica] {
        let replicas = group(id)?.replicas ?? []
        let readable = replicas.filter { includingRemoved || isReadable($0.name, of: id) }
        guard readable.count > 1 else { return readable }
        rotation = (rotation + 1) % readable.count
        let turned = Array(readable[rotation...] + readable[..<rotation])
        var trusted: [Replica] = []
        var suspected: [Replica] = []
        for replica in turned {
            guard let left = suspects[replica.name] else {
                trusted.append(replica)
                continue
            }
            suspected.append(replica)
            suspects[replica.name] = left > 1 ? left - 1 : nil
        }
        return trusted + suspected
    }

    /// Pays for a hedge with reads; false where too many were hedged lately.
    mutating func mayHedge(_ policy: ReplicaPolicy) -> Bool {
        let spent = hedges * policy.readsPerHedge
        guard spent < readsPaid + policy.hedgeReserve * policy.readsPerHedge else { return false }
        hedges += 1
        return true
    }

    /// Counts a read that may pay for a hedge.
    mutating func payForHedge(_ policy: ReplicaPolicy) {
        readsPaid += 1
        // What was saved up lasts for the reserve and no longer.
        readsPaid = min(readsPaid, hedges * policy.readsPerHedge)
    }

    /// Whether a replica may be read from now.
    func isReadable(_ name: String, of id: ShardID) -> Bool {
        let isInMap = group(id)?.inSync.contains { $0.name == name } ?? false
        return isInMap && (term.map { $0.inSync.contains(name) } ?? true)
    }

    /// How far whoever is read from must be.
    func readGuard(of id: ShardID) -> StorePosition {
        term?.guarding ?? StorePosition(group(id)?.epoch ?? Epoch(0), 0)
    }

    /// Asks a replica last for some reads.
    mutating func suspect(_ name: String, reads: Int) { suspects[name] = reads }

    /// Remembers what a replica says is damaged.
    ///
    /// - Returns: whether it is something else than before.
    mutating func note(_ lines: [String], of name: String) -> Bool {
        guard damage[name] ?? [] != lines else { return false }
        damage[name] = lines.isEmpty ? nil : lines
        return !lines.isEmpty
    }

    /// Trusts a replica again.
    mutating func trust(_ name: String) { suspects[name] = nil }
}
