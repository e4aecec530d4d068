public import Identifiers
public import ShardProtocol
import Locks
public import Topology

/// A group of replicas as one shard.
///
/// It is primary-backup replication with an external configuration manager, as in PacificA (Lin and others, 2008).
///
///     let shard = ReplicatedShard(group: ShardID(0), control: control, clock: clock) { replica in
///         RemoteShard(HTTPClient(replica.address))
///     }
///     async let life: Void = shard.run()      // brings replicas back that were out
///     try await shard.fence(epoch)            // leads
///     try await shard.commit(request)         // durable on every replica in sync
///
/// Reads are answered by any replica in sync, on every node. Writes are for the node that fenced the group last.
public final class ReplicatedShard: ReplicatedClient {
    /// Makes a client of a replica's address.
    public typealias Connect = @Sendable (Replica) -> any ShardClient

    /// The group's number in the cluster map.
    public let id: ShardID
    let control: any ControlPlaneClient
    let policy: ReplicaPolicy
    let clock: any ReplicationClock
    let observe: @Sendable (ReplicationEvent) -> Void
    let planted: Set<ReplicationFault>
    /// Messages that change replicas, and what must see them still, one after the other.
    let turn = TurnLock()
    /// Looking after replicas, one round at a time.
    let keeping = TurnLock()
    private let connect: Connect
    private let state = Mutex(GroupState())
    private let kept = Mutex(ReplicationCounters())

    /// Puts a group together; nothing is asked before the first call.
    ///
    /// - Parameters:
    ///   - group: its number in the cluster map.
    ///   - control: keeps the map, and in it who is in sync.
    ///   - clock: for pauses.
    ///   - policy: bounds.
    ///   - observe: told what operators want to know.
    ///   - connect: makes clients; they have deadlines of their own and do not repeat much.
    public convenience init(
        group: ShardID,
        control: any ControlPlaneClient,
        clock: any ReplicationClock,
        policy: ReplicaPolicy = ReplicaPolicy(),
        observe: @escaping @Sendable (ReplicationEvent) -> Void = { _ in },
        connect: @escaping Connect
    ) {
        self.init(
            group: group,
            control: control,
            clock: clock,
            policy: policy,
            planted: [],
            observe: observe,
            connect: connect
        )
    }

    /// Puts a group together with faults for a test to find.
    package init(
        group: ShardID,
        control: any ControlPlaneClient,
        clock: any ReplicationClock,
        policy: ReplicaPolicy,
        planted: Set<ReplicationFault>,
        observe: @escaping @Sendable (ReplicationEvent) -> Void = { _ in },
        connect: @escaping Connect
    ) {
        id = group
        self.control = control
        self.clock = clock
        self.policy = policy
        self.planted = planted
        self.observe = observe
        self.connect = connect
    }

    /// What the group has done on this node.
    public var counters: ReplicationCounters { kept.withLock { $0 } }

    /// Asks the group.
    public func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        switch request {
        case .commit(let commit):
            try await turn.run { () throws(ShardError) in try await self.replicate(commit) }
            return .committed
        case .fence(let epoch):
            let status = try await turn.run { () throws(ShardError) in try await self.lead(epoch) }
            try await fillUp()
            return .status(status)
        case .install(let rules):
            return .installed(try await turn.run { () throws(ShardError) in try await self.installAll(rules) })
        case .candidates, .read, .scan, .block, .status, .postings, .posted, .digest, .tail, .ruleSets:
            return try await readAny(request)
        case .dropDamaged:
            throw .badRequest("a group mends its replicas by itself")
        case .guarded:
            throw .badRequest("a group has no position of its own")
        }
    }

    // MARK: State

    func withState<Result>(_ body: (inout GroupState) throws -> Result) rethrows -> Result {
        try state.withLock { state throws in try body(&state) }
    }

    func count(_ body: (inout ReplicationCounters) -> Void) { kept.withLock { body(&$0) } }

    /// The connection to a replica.
    func client(_ replica: Replica) -> any ShardClient { withState { $0.client(replica, connect) } }

    /// A replica of the group by its name.
    func replica(_ name: String) -> Replica? {
        withState { $0.group(id)?.replicas.first { $0.name == name } }
    }

    /// The group as the newest map has it, read anew where it may have changed.
    ///
    /// - Throws: `unavailable` where the control plane does not answer, `storage` where the map ends the term.
    @discardableResult
    func currentGroup() async throws(ShardError) -> (group: ShardGroup, stored: StoredMap) {
        let known = withState { $0.isStale ? nil : $0.stored }
        let stored: StoredMap
        if let known {
            stored = known
        } else {
            do throws(TopologyError) {
                stored = try await control.clusterMap()
            } catch {
                observe(.mapUnavailable(error.description))
                throw .unavailable(error.description)
            }
            guard withState({ $0.adopt(stored, of: id) }) else { throw ReplicatedShard.foreignMember }
        }
        guard let group = stored.map.group(id) else { throw .unavailable("\(id) is not in the cluster map") }
        return (group, stored)
    }

    /// Changes the group in the map, or leaves it where the edit says so; a change that somebody else was faster
    /// than is decided anew.
    ///
    /// - Parameter edit: changes the group, or refuses; returns whether there is anything to change.
    /// - Throws: what the edit throws, and `unavailable` where the map cannot be changed.
    func changeGroup(
        _ edit: (inout ShardGroup) throws(ShardError) -> Bool
    ) async throws(ShardError) {
        for _ in 0..<policy.mapAttempts {
            var (group, stored) = try await currentGroup()
            guard try edit(&group) else { return }
            if try await replace(stored, with: group) { return }
        }
        throw .unavailable("the cluster map changes too often")
    }

    /// Puts a group into the map of a revision.
    ///
    /// - Returns: whether it was taken; else somebody was faster.
    func replace(_ stored: StoredMap, with group: ShardGroup) async throws(ShardError) -> Bool {
        withState { $0.isStale = true }
        let changed: StoredMap
        do throws(TopologyError) {
            let stored = planted.contains(.replaceBlindly) ? try await control.clusterMap() : stored
            let map = try stored.map.changing { map in
                for place in map.groups.indices where map.groups[place].id == group.id { map.groups[place] = group }
            }
            changed = StoredMap(map: map, revision: try await control.replace(map, expecting: stored.revision))
        } catch {
            if error == .conflict { return false }
            observe(.mapUnavailable(error.description))
            throw .unavailable(error.description)
        }
        guard withState({ $0.adopt(changed, of: id) }) else { throw ReplicatedShard.foreignMember }
        return true
    }

    /// A replica is in sync that this leader did not bring there: it must be fenced first.
    static let foreignMember = ShardError.storage("the in-sync set was changed by another leader")

    /// Ends the term of an epoch: another leader reigns.
    ///
    /// A term of a later one goes on: what was begun in the former may hear only now that it is over, and the leader of
    /// the next may be this node again.
    func standDown(from epoch: Epoch) {
        withState { state in
            if state.term?.epoch == epoch { state.term = nil }
        }
    }
}
