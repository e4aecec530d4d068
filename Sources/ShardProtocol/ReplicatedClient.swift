public import Identifiers

/// A shard that consists of replicas.
public protocol ReplicatedClient: ShardClient {
    /// How each replica is, in the order of the cluster map; one that does not answer in time says so.
    func replicas(within deadline: Duration) async -> [ReplicaReport]

    /// Holds the replicas in sync against each other, slot by slot.
    ///
    /// - Parameter mends: whether one that differs leaves the in-sync set, to come back as the others are.
    /// - Returns: those that differ; none where this node does not lead.
    /// - Throws: `ShardError` where the comparison cannot go on.
    func compareCopies(mends: Bool) async throws(ShardError) -> [CopyDifference]
}

/// A replica that differs from the others of its group.
public struct CopyDifference: Sendable, Equatable {
    /// What operators call it.
    public var name: String
    /// The slots in which it differs.
    public var slots: [Slot]
    /// Whether it was put out of the in-sync set, and so comes back mended.
    public var isMended: Bool

    /// Puts a difference together.
    public init(name: String, slots: [Slot], isMended: Bool) {
        self.name = name
        self.slots = slots
        self.isMended = isMended
    }
}

/// How one replica of a group is.
public struct ReplicaReport: Sendable, Equatable {
    /// What operators call it.
    public var name: String
    /// Where it is reached.
    public var address: String
    /// `in-sync`, `catching-up` or `out`.
    public var state: String
    /// What it says of itself.
    public var status: Result<ShardStatus, ShardError>
    /// Sequences that the foremost replica has and it lacks; 0 where it does not answer.
    public var lag: UInt64
    /// Slots that a catch-up has still to compare or copy.
    public var slotsLeft: UInt64

    /// Puts a report together.
    public init(
        name: String,
        address: String,
        state: String,
        status: Result<ShardStatus, ShardError>,
        lag: UInt64 = 0,
        slotsLeft: UInt64 = 0
    ) {
        self.name = name
        self.address = address
        self.state = state
        self.status = status
        self.lag = lag
        self.slotsLeft = slotsLeft
    }
}
