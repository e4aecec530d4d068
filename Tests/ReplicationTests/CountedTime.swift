import Locks
import Replication
import ShardProtocol
import SimulationKit

/// Time that passes where somebody waits, and at once.
final class CountedTime: ReplicationClock {
    private let elapsed = Mutex(Duration.zero)

    var now: Duration { elapsed.withLock { $0 } }

    func sleep(_ duration: Duration) async { elapsed.withLock { $0 += duration } }
}

/// A node that takes a second to find out that it cannot be reached.
struct AwayClient: ShardClient {
    let node: TwinNode
    let clock: CountedTime

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        do throws(ShardError) {
            return try await node.receive(request)
        } catch {
            await clock.sleep(.seconds(1))
            throw error
        }
    }
}
