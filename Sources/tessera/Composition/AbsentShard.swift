import ShardProtocol

/// A shard that this coordinator has no way to.
struct AbsentShard: ShardClient {
    let reason: String

    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer { throw .unavailable(reason) }
}
