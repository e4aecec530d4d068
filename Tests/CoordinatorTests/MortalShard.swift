import Locks
import ShardProtocol
import SimulationKit

/// A shard that can go silent and come back.
final class MortalShard: ShardClient {
    private let twin = TwinShard()
    private let isDead = Mutex(false)

    func die() { isDead.withLock { $0 = true } }
    func rise() { isDead.withLock { $0 = false } }

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        guard !isDead.withLock({ $0 }) else { throw .unavailable("no connection") }
        return try await twin.call(request)
    }
}
