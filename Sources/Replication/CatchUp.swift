import Identifiers
import ShardProtocol
import Topology

/// Brings a replica that was out back into sync, while the group goes on writing.
///
/// 1. The replica is fenced, and from then on gets every commit that the others get, in the same order.
/// 2. Digests tell which slots differ. A slot whose digests agree is done, though writes go on between the two
///    readings: what was written since the first step is on both, and what was not is what the digests compare.
/// 3. Slots that differ are walked, a page of every table at a time; what is missing, different or too much is put
///    right. Pages are read on both sides and written in one turn of the group, so no commit comes in between.
/// 4. In a turn of its own each of these slots must have equal digests; then the replica enters the set.
struct CatchUp {
    let shard: ReplicatedShard
    let epoch: Epoch
    let name: String

    /// What was found and done.
    struct Work {
        /// Slots that differed.
        var slots = 0
        /// Rows and postings written or removed.
        var operations = 0
    }

    /// Does it.
    ///
    /// - Throws: `ShardError`; the replica is out as before.
    func run() async throws(ShardError) {
        guard let replica = shard.replica(name) else { return }
        let client = shard.client(replica)
        let damage = try await client.status().damage
        try await mark(.catchingUp)
        shard.observe(.catchingUp(replica: name))
        do throws(ShardError) {
            if !damage.isEmpty { try await mend(client, damage) }
            try await begin(client)
            var work = Work()
            if !shard.planted.contains(.returnWithoutDigest) {
                try await install(client)
                try await compare(client, &work)
            }
            try await enter(client)
            shard.count { counters in
                counters.returned += 1
                counters.slotsLeft = 0
            }
            shard.observe(.returned(replica: name, slots: work.slots, operations: work.operations))
        } catch {
            await shard.turn.run { shard.withState { $0.term?.catching = nil } }
            shard.count { counters in
                counters.gaveUp += 1
                counters.slotsLeft = 0
            }
            try? await mark(.out)
            throw error
        }
    }

    /// Notes in the map what the replica is; does nothing where it is in sync.
    private func mark(_ wanted: Replica.State) async throws(ShardError) {
        try await shard.turn.run { () throws(ShardError) in
            _ = try shard.leading(epoch)
            try await shard.changeGroup { (group: inout ShardGroup) throws(ShardError) in
                guard let place = group.replicas.firstIndex(where: { $0.name == name }) else {
                    throw .unavailable("\(name) is not in the cluster map any more")
                }
                let state = group.replicas[place].state
                guard state != .inSync, state != wanted else { return false }
                group.replicas[place].state = wanted
                return true
            }
        }
    }

    /// Has a store that is damaged give up what it cannot read, so that it can be filled.
    private func mend(_ client: any ShardClient, _ damage: [String]) async throws(ShardError) {
        if shard.withState({ $0.note(damage, of: name) }) { shard.observe(.damaged(replica: name, damage)) }
        try await shard.turn.run { () throws(ShardError) in
            // What is in sync is never mended: it may hold what no other has.
            let term = try shard.leading(epoch)
            guard !term.inSync.contains(name) else { throw .unavailable("\(name) is in sync meanwhile") }
            // Nor is what those in sync may have lost since.
            try await shard.confirm(try await shard.currentGroup().group.inSync, term.guarding)
            try shard.mayWrite(epoch)
        }
        _ = try await client.dropDamaged(epoch)
        _ = shard.withState { $0.note([], of: name) }
    }

    private func begin(_ client: any ShardClient) async throws(ShardError) {
        try await shard.turn.run { () throws(ShardError) in
            _ = try shard.leading(epoch)
            _ = try await client.fence(epoch)
            let tail = try await client.tail(withOperations: false)
            shard.withState { state in
                state.term?.catching = GroupTerm.Catching(name: name, acked: tail.position.number)
            }
        }
    }

    private func install(_ client: any ShardClient) async throws(ShardError) {
        let (source, least) = try source()
        guard case .ruleSets(let sets) = try await ask(source, shard.guarded(.ruleSets, least)) else {
            throw .badRequest("the answer does not fit a question for rule sets")
        }
        for rules in sets { _ = try await client.install(rules: rules) }
    }

    // MARK: What comparing and copying need

    /// Writes to the replica alone, between two commits.
    func write(_ operations: [UInt8], to client: any ShardClient) async throws(ShardError) {
        let term = try shard.leading(epoch)
        guard let catching = term.catching, catching.name == name else { throw .unavailable("the catch-up was ended") }
        // A caller's message that only some replicas have may come again under its old number.
        guard term.pending == nil else { throw .unavailable("a commit is not on all replicas yet") }
        let number = shard.withState { $0.term?.nextNumber() ?? 0 }
        let message = CommitRequest(epoch: epoch, number: number, through: .zero, operations: operations)
        let least = StorePosition(epoch, catching.acked)
        guard case .committed = try await ask(client, shard.guarded(.commit(message), least), isWrite: true) else {
            throw .badRequest("the answer does not fit a commit")
        }
        shard.withState { $0.term?.catching?.acked = number }
    }

    /// Asks again where an answer was lost: one lost message must not cost a whole catch-up.
    ///
    /// - Parameters:
    ///   - client: who is asked.
    ///   - request: the question.
    ///   - isWrite: whether only who leads may send it; the lease is looked at before each attempt.
    /// - Returns: the answer.
    /// - Throws: what the last attempt ended with.
    func ask(
        _ client: any ShardClient,
        _ request: ShardRequest,
        isWrite: Bool = false
    ) async throws(ShardError) -> ShardAnswer {
        for pause in shard.policy.catchUpPauses {
            do throws(ShardError) {
                if isWrite { try shard.mayWrite(epoch) }
                return try await client.call(request)
            } catch {
                switch error {
                case .unavailable, .timeout: await shard.clock.sleep(pause)
                default: throw error
                }
            }
        }
        if isWrite { try shard.mayWrite(epoch) }
        return try await client.call(request)
    }

    /// The same where two questions are asked at once.
    func answer(_ client: any ShardClient, _ request: ShardRequest) async -> Result<ShardAnswer, ShardError> {
        do throws(ShardError) {
            return .success(try await ask(client, request))
        } catch {
            return .failure(error)
        }
    }

    /// A replica in sync to copy from.
    func source() throws(ShardError) -> (any ShardClient, StorePosition) {
        let term = try shard.leading(epoch)
        if let failure = term.catching?.failure { throw failure }
        guard let name = term.inSync.first, let replica = shard.replica(name) else {
            throw .unavailable("no replica is in sync")
        }
        return (shard.client(replica), term.guarding)
    }

    // MARK: Entering

    /// Enters the set, at a moment when the replica stands where the others do.
    private func enter(_ client: any ShardClient) async throws(ShardError) {
        try await shard.turn.run { () throws(ShardError) in
            // Once more than needed, so that its last but one message too is the group's and not the catch-up's.
            try await level()
            for _ in 0..<shard.policy.mapAttempts {
                // The map first, then the replicas: a newer leader fences them, then replaces the map. So either they
                // refuse, or the map has changed.
                var (group, stored) = try await shard.currentGroup()
                try await level()
                guard let place = group.replicas.firstIndex(where: { $0.name == name }) else {
                    throw .unavailable("\(name) is not in the cluster map any more")
                }
                guard group.replicas[place].state == .catchingUp else {
                    throw .unavailable("\(name) was put out of the group meanwhile")
                }
                group.replicas[place].state = .inSync
                if try await shard.replace(stored, with: group) { return }
            }
            throw .unavailable("the cluster map changes too often")
        }
    }

    /// Brings all to one position by a message without operations.
    private func level() async throws(ShardError) {
        let group = try await shard.currentGroup().group
        let term = try shard.leading(epoch)
        guard term.pending == nil else { throw .unavailable("a commit is not on all replicas yet") }
        let number = shard.withState { $0.term?.nextNumber() ?? 0 }
        let message = CommitRequest(epoch: epoch, number: number, through: term.through, operations: [])
        for outcome in await shard.send(message, to: group, term) {
            if let failure = outcome.failure { throw failure }
        }
        let now = try shard.leading(epoch)
        if let failure = now.catching?.failure { throw failure }
        guard now.catching?.acked == number else { throw .unavailable("the catch-up was ended") }
        shard.withState { $0.term?.acknowledge(number, through: term.through) }
    }
}
