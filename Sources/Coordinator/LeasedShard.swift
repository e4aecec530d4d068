import Identifiers
import ShardProtocol

/// A shard as a leader may use it: nothing that only a leader may do is sent once the lease may be over.
///
/// What is on its way by then is up to the shards, which refuse older epochs as soon as a new leader has fenced them.
struct LeasedShard: ShardClient {
    let shard: any ShardClient
    let epoch: Epoch
    let holds: @Sendable () -> Bool

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        switch request {
        case .commit, .fence:
            guard holds() else { throw .staleEpoch(highest: epoch) }
        default: break
        }
        return try await shard.call(request)
    }
}
