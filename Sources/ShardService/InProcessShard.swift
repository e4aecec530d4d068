public import ShardProtocol
public import ShardStore

/// A shard in this process: the same store, without a network in between.
public struct InProcessShard: ShardClient {
    /// The store that answers.
    public let store: ShardStore

    /// Wraps a store.
    public init(_ store: ShardStore) { self.store = store }

    /// Asks the store; reads are answered on the calling thread.
    public func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        let answer = await Self.answer(store, request)
        if case .failure(let error) = answer { throw error }
        return answer
    }

    static func answer(_ store: ShardStore, _ request: ShardRequest) async -> ShardAnswer {
        await withCheckedContinuation { continuation in
            store.submit(request) { continuation.resume(returning: $0) }
        }
    }
}
