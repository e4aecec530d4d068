public import Identifiers

/// A set of replicas that hold the same slots.
public struct ShardGroup: Sendable, Equatable {
    /// Replicas of a group at most; more copies cost writes without making loss noticeably less likely.
    public static let replicaLimit = 9

    /// The number by which slots name their owner.
    public var id: ShardID
    /// The copies; the order has no meaning.
    public var replicas: [Replica]
    /// How many replicas must be in sync before a write is accepted: one at least, all of them at most.
    public var minimumInSync: Int
    /// The last epoch that every replica in sync was fenced with, 0 before any; one that does not know it was wiped.
    public var epoch: Epoch

    /// Puts a group together.
    public init(id: ShardID, replicas: [Replica], minimumInSync: Int = 1, epoch: Epoch = Epoch(0)) {
        self.id = id
        self.replicas = replicas
        self.minimumInSync = minimumInSync
        self.epoch = epoch
    }

    /// The replicas that have everything that was acknowledged.
    public var inSync: [Replica] { replicas.filter { $0.state == .inSync } }

    /// Refuses a group that breaks an invariant.
    func check() throws(TopologyError) {
        guard Int(id.rawValue) < ShardID.limit else { throw .broken("group \(id.rawValue) is beyond the last one") }
        guard (1...Self.replicaLimit).contains(replicas.count) else {
            throw .broken("\(id) must have 1 to \(Self.replicaLimit) replicas, not \(replicas.count)")
        }
        guard (1...replicas.count).contains(minimumInSync) else {
            throw .broken("\(id) wants \(minimumInSync) replicas in sync, but has \(replicas.count)")
        }
        // The last replica in sync may be unreachable, but nobody else may stand in for it: it alone has everything.
        guard !inSync.isEmpty else { throw .broken("\(id) has no replica in sync") }
        for replica in replicas where !Replica.isWord(replica.name) || !Replica.isWord(replica.address) {
            throw .broken("\(id) has a replica whose name or address is empty, too long, or not printable ASCII")
        }
    }
}
