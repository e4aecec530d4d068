import Locks
public import ShardProtocol

/// A node around the dumb twin: a crash makes it silent, loses requests under way, and forgets nothing else.
public final class TwinNode: SimulatedNode {
    private let shard: Mutex<TwinShard>
    private let up = Mutex(true)
    private let planted: Set<StoreFault>

    /// Starts a node.
    public init(planted: Set<StoreFault> = []) {
        self.planted = planted
        shard = Mutex(TwinShard(planted: planted))
    }

    /// Answers while up.
    public func receive(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        guard up.withLock({ $0 }) else { throw .unavailable("the node is down") }
        let shard = shard.withLock { $0 }
        return try await shard.call(request)
    }

    /// Never damaged: it forgets nothing.
    public var damage: String? { nil }

    /// Starts anew with nothing.
    public func wipe() async { shard.withLock { $0 = TwinShard(planted: planted) } }

    /// Finds its disk damaged.
    public func rot() async { shard.withLock { $0.rot() } }

    /// Never goes down by itself.
    public func calm() async {}

    /// Goes silent.
    public func crash() async { up.withLock { $0 = false } }

    /// Answers again.
    public func restart() async { up.withLock { $0 = true } }
}
