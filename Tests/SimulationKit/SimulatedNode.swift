public import ShardProtocol

/// A shard node in the simulation: it can be crashed and started again.
public protocol SimulatedNode: Sendable {
    /// Handles a request that has arrived.
    ///
    /// - Throws: `ShardError.unavailable` while the node is down or where it goes down meanwhile.
    func receive(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer
    /// Loses everything that is not durable and answers no more.
    func crash() async
    /// Loses everything, as when a disk is replaced.
    func wipe() async
    /// Finds a part of its disk damaged, says so, and loses that part when it is told to give it up.
    func rot() async
    /// Comes back with what is durable.
    func restart() async
    /// Does not go down by itself any more.
    func calm() async
    /// What is wrong with the node for good, such as a store that does not open any more; `nil` while it is sound.
    var damage: String? { get }
}
