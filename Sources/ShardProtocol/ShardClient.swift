public import Identifiers

/// The seam between coordinator and shard: in process, over HTTP/2, or simulated.
///
/// Every call is idempotent: repeating one whose answer was lost changes nothing.
public protocol ShardClient: Sendable {
    /// Asks the shard and waits for its answer.
    ///
    /// - Throws: `ShardError`, also for an answer `.failure`.
    func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer
}

extension ShardClient {
    /// Finds and scores candidates.
    public func candidates(_ request: CandidatesRequest) async throws(ShardError) -> CandidatesAnswer {
        guard case .candidates(let answer) = try await call(.candidates(request)) else { throw .misfit }
        guard answer.found.count == request.queries.count else { throw .misfit }
        return answer
    }

    /// Reads rows.
    public func read(_ request: ReadRequest) async throws(ShardError) -> ReadAnswer {
        guard case .read(let answer) = try await call(.read(request)) else { throw .misfit }
        guard answer.values.count == request.rows.count else { throw .misfit }
        return answer
    }

    /// Writes; returns when durable.
    public func commit(_ request: CommitRequest) async throws(ShardError) {
        guard case .committed = try await call(.commit(request)) else { throw .misfit }
    }

    /// Walks a table.
    public func scan(_ request: ScanRequest) async throws(ShardError) -> ScanAnswer {
        guard case .scan(let answer) = try await call(.scan(request)) else { throw .misfit }
        return answer
    }

    /// Pages through blocks.
    public func block(_ request: BlockRequest) async throws(ShardError) -> BlockAnswer {
        guard case .block(let answer) = try await call(.block(request)) else { throw .misfit }
        guard answer.blocks.count == request.keys.count else { throw .misfit }
        return answer
    }

    /// Installs a rule set.
    public func install(rules: [UInt8]) async throws(ShardError) -> RuleSetVersion {
        guard case .installed(let version) = try await call(.install(rules: rules)) else { throw .misfit }
        return version
    }

    /// Walks the postings.
    public func postings(_ request: PostingsRequest) async throws(ShardError) -> PostingsAnswer {
        guard case .postings(let answer) = try await call(.postings(request)) else { throw .misfit }
        return answer
    }

    /// Reads single postings.
    public func posted(_ request: PostedRequest) async throws(ShardError) -> PostedAnswer {
        guard case .posted(let answer) = try await call(.posted(request)) else { throw .misfit }
        guard answer.sketches.count == request.places.count else { throw .misfit }
        return answer
    }

    /// Asks what is in slots.
    public func digest(_ request: DigestRequest) async throws(ShardError) -> [SlotDigest] {
        guard case .digest(let digests) = try await call(.digest(request)) else { throw .misfit }
        guard digests.count == request.slots.count else { throw .misfit }
        return digests
    }

    /// Asks for the end of what the store has.
    public func tail(withOperations: Bool) async throws(ShardError) -> TailAnswer {
        guard case .tail(let tail) = try await call(.tail(withOperations: withOperations)) else { throw .misfit }
        return tail
    }

    /// Asks for the rule sets that are installed.
    public func ruleSets() async throws(ShardError) -> [[UInt8]] {
        guard case .ruleSets(let sets) = try await call(.ruleSets) else { throw .misfit }
        return sets
    }

    /// Shuts out older leaders.
    public func fence(_ epoch: Epoch) async throws(ShardError) -> ShardStatus {
        guard case .status(let status) = try await call(.fence(epoch)) else { throw .misfit }
        return status
    }

    /// Has the store give up what is damaged in it, and forget how far it came.
    public func dropDamaged(_ epoch: Epoch) async throws(ShardError) -> ShardStatus {
        guard case .status(let status) = try await call(.dropDamaged(epoch)) else { throw .misfit }
        return status
    }

    /// Asks how things are.
    public func status() async throws(ShardError) -> ShardStatus {
        guard case .status(let status) = try await call(.status) else { throw .misfit }
        return status
    }
}

extension ShardError {
    static let misfit = ShardError.badRequest("the answer does not fit the request")
}
