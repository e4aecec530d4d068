import Identifiers
import ShardProtocol
import Topology

/// Writes: on every replica in sync, or on fewer after those that failed have left the set.
extension ReplicatedShard {
    /// Makes a commit durable on all replicas in sync; called in its turn.
    func replicate(_ request: CommitRequest) async throws(ShardError) {
        let group = try await currentGroup().group
        let term = try leading(request.epoch)
        // A message that some may have is brought to an end by those that are left: until then no replica can come
        // back, and without one there would be too few for ever.
        guard term.inSync.count >= group.minimumInSync || term.pending?.caller == request.number else {
            throw ReplicatedShard.tooFew(term, group)
        }
        let number = withState { $0.term?.number(forCaller: request.number) ?? 0 }
        let message = CommitRequest(
            epoch: request.epoch,
            number: number,
            through: request.through,
            operations: request.operations
        )
        let outcomes = await send(message, to: group, term)
        try await settle(outcomes, group, message)
        withState { $0.term?.acknowledge(number, through: request.through) }
        // All that are left have it, so nothing waits for it any more; but it is not on as many as it must be.
        guard let now = withState({ $0.term }) else { throw ReplicatedShard.foreignMember }
        guard now.inSync.count >= group.minimumInSync else { throw ReplicatedShard.tooFew(now, group) }
    }

    /// The term, where this node leads in that epoch.
    func leading(_ epoch: Epoch) throws(ShardError) -> GroupTerm {
        // No repetition mends this: whoever writes has to begin a term, with a fence.
        guard let term = withState({ $0.term }) else { throw .storage("\(id) is not led by this node any more") }
        guard term.epoch == epoch else { throw .staleEpoch(highest: max(term.epoch, epoch)) }
        return term
    }

    static func tooFew(_ term: GroupTerm, _ group: ShardGroup) -> ShardError {
        .unavailable(
            "\(term.inSync.count) replicas of \(group.id) are in sync, \(group.minimumInSync) are needed to write"
        )
    }

    /// Sends a message to all replicas in sync and to the one that catches up.
    ///
    /// - Returns: what each replica in sync answered; `nil` for done.
    func send(
        _ message: CommitRequest,
        to group: ShardGroup,
        _ term: GroupTerm
    ) async -> [(name: String, failure: ShardError?)] {
        let members = group.replicas.filter { term.inSync.contains($0.name) }
        if let catching = term.catching, catching.failure == nil, let replica = replica(catching.name) {
            async let others = sendAll(message, members, term.guarding)
            await feed(message, replica, catching)
            return await others
        }
        return await sendAll(message, members, term.guarding)
    }

    private func sendAll(
        _ message: CommitRequest,
        _ members: [Replica],
        _ least: StorePosition
    ) async -> [(name: String, failure: ShardError?)] {
        if members.count == 1, let only = members.first {
            let failure = await deliver(message, only, least)
            return [(only.name, failure)]
        }
        let isHasty = planted.contains(.acknowledgeBeforeAll)
        return await withTaskGroup(of: (String, ShardError?).self) { tasks in
            for replica in members {
                tasks.addTask {
                    let failure = await self.deliver(message, replica, least)
                    return (replica.name, failure)
                }
            }
            var outcomes: [(name: String, failure: ShardError?)] = []
            for await (name, failure) in tasks {
                outcomes.append((name, failure))
                if isHasty, failure == nil {
                    tasks.cancelAll()
                    return members.map { ($0.name, nil) }
                }
            }
            return outcomes.sorted { $0.name < $1.name }
        }
    }

    /// Gives a message to one replica, repeatedly while it cannot be reached and this node may write.
    func deliver(_ message: CommitRequest, _ replica: Replica, _ least: StorePosition) async -> ShardError? {
        let client = client(replica)
        var retries = Retries(policy, now: clock.now)
        while true {
            do throws(ShardError) {
                try mayWrite(message.epoch)
                guard case .committed = try await client.call(guarded(.commit(message), least)) else {
                    return .badRequest("the answer does not fit a commit")
                }
                return nil
            } catch {
                guard let pause = retries.pause(after: error, now: clock.now) else { return error }
                await clock.sleep(pause)
            }
        }
    }

    /// Pauses may outlast the lease that the first attempt was made under.
    func mayWrite(_ epoch: Epoch) throws(ShardError) {
        guard control.holds(epoch) else { throw .staleEpoch(highest: epoch) }
    }

    /// Gives a message to the replica that catches up; where that fails the catch-up ends.
    private func feed(_ message: CommitRequest, _ replica: Replica, _ catching: GroupTerm.Catching) async {
        let least = StorePosition(message.epoch, catching.acked)
        var failure: ShardError?
        do throws(ShardError) {
            try mayWrite(message.epoch)
            if planted.contains(.starveCatchUp), !message.operations.isEmpty {
                withState { $0.term?.catching?.acked = message.number }
                return
            }
            try await client(replica).commit(guarding: least, message, plain: planted.contains(.skipGuard))
        } catch {
            failure = error
        }
        withState { state in
            guard state.term?.catching?.name == catching.name else { return }
            if let failure {
                state.term?.catching?.failure = failure
            } else {
                state.term?.catching?.acked = message.number
            }
        }
    }

    /// Decides what becomes of replicas that failed; returns when the message counts as done.
    private func settle(
        _ outcomes: [(name: String, failure: ShardError?)],
        _ group: ShardGroup,
        _ message: CommitRequest
    ) async throws(ShardError) {
        let failures = outcomes.compactMap { one in one.failure.map { (name: one.name, error: $0) } }
        guard !failures.isEmpty else { return }
        for case .staleEpoch(let highest) in failures.map(\.error) {
            standDown(from: message.epoch)
            throw .staleEpoch(highest: highest)
        }
        // Where nobody has it, nothing tells the replicas from the message or from this node's own network.
        guard failures.count < outcomes.count else {
            throw failures.first { if case .behind = $0.error { false } else { true } }?.error ?? failures[0].error
        }
        let done = Set(outcomes.filter { $0.failure == nil }.map(\.name))
        let reached = StorePosition(message.epoch, message.number)
        let members = group.replicas.filter { done.contains($0.name) }
        // Failing takes seconds, in which those that answered may have lost what they had. Then the others are needed.
        try await confirm(members, reached)
        try await remove(failures, keeping: group.minimumInSync)
        do throws(ShardError) {
            try await confirm(members, reached)
        } catch {
            try await restore(ReplicatedShard.silent(failures), in: group)
            throw error
        }
        guard let now = withState({ $0.term }) else { throw ReplicatedShard.foreignMember }
        // Whoever is still in the set has the message, or else somebody put it there who had no right to.
        guard now.inSync.allSatisfy(done.contains) else { throw .unavailable("replicas in sync do not answer") }
    }

    /// Insists that replicas still have what they answered for: none has lost it, and one at least says so.
    ///
    /// One that is silent says nothing: it may come back without its disk, when those that have everything are out.
    ///
    /// - Throws: `unavailable` where one lacks it, which leaves the set by its next message, or where all are silent.
    func confirm(_ replicas: [Replica], _ reached: StorePosition) async throws(ShardError) {
        guard !planted.contains(.skipConfirm) else { return }
        for pause in [nil] + policy.catchUpPauses.map(Optional.some) {
            if let pause { await clock.sleep(pause) }
            var isHeard = planted.contains(.trustSilence)
            for replica in replicas {
                do throws(ShardError) {
                    _ = try await client(replica).call(guarded(.tail(withOperations: false), reached))
                    isHeard = true
                } catch {
                    guard case .behind = error else { continue }
                    throw .unavailable("\(replica.name) lost what it had")
                }
            }
            if isHeard { return }
        }
        throw .unavailable("no replica of \(id) says that it still has what it answered for")
    }

    /// Those that failed otherwise than by having lost what they had.
    static func silent(_ failures: [(name: String, error: ShardError)]) -> [String] {
        failures.filter { if case .behind = $0.error { false } else { true } }.map(\.name)
    }

    /// Takes a removal back, in the turn in which it was made: nothing was acknowledged without the replicas.
    ///
    /// Given up it would leave a group of which nobody has everything. So a change of another group or of a move that
    /// got in the way makes it try again; only another leader of this group is left alone.
    func restore(_ names: [String], in before: ShardGroup) async throws(ShardError) {
        let wereInSync = Set(before.inSync.map(\.name))
        let removed = try await currentGroup().group
        var group = removed
        for place in group.replicas.indices {
            let name = group.replicas[place].name
            if names.contains(name), wereInSync.contains(name) { group.replicas[place].state = .inSync }
        }
        group.epoch = before.epoch
        guard group != removed else { return }
        for _ in 0..<policy.mapAttempts {
            let (now, stored) = try await currentGroup()
            guard now == removed else { throw ReplicatedShard.foreignMember }
            withState { $0.term?.inSync = group.inSync.map(\.name) }
            if try await replace(stored, with: group) { return }
        }
        throw .unavailable("the cluster map changes too often")
    }

    /// Takes replicas out of the in-sync set: in the control plane first, then here.
    ///
    /// A replica that lacks what it had goes in any case; one that only fails stays where too few would be left.
    func remove(_ failures: [(name: String, error: ShardError)], keeping minimum: Int) async throws(ShardError) {
        let lost = failures.filter { if case .behind = $0.error { true } else { false } }
        var gone: [String] = []
        if planted.contains(.removeUntold) {
            let names = Set(failures.map(\.name))
            return withState { $0.term?.inSync.removeAll { names.contains($0) } }
        }
        try await changeGroup { (group: inout ShardGroup) throws(ShardError) in
            let inSync = group.inSync.map(\.name)
            var leaving = inSync.filter { name in failures.contains { $0.name == name } }
            if inSync.count - leaving.count < minimum {
                leaving = inSync.filter { name in lost.contains { $0.name == name } }
            }
            gone = leaving
            guard !leaving.isEmpty else { return false }
            guard leaving.count < inSync.count else { throw .unavailable("the last replica in sync does not answer") }
            for place in group.replicas.indices where leaving.contains(group.replicas[place].name) {
                group.replicas[place].state = .out
            }
            return true
        }
        for failure in failures where gone.contains(failure.name) {
            count { $0.removed += 1 }
            observe(.removed(replica: failure.name, failure.error))
        }
    }

    /// Installs a rule set on all replicas in sync.
    func installAll(_ rules: [UInt8]) async throws(ShardError) -> RuleSetVersion {
        let group = try await currentGroup().group
        var version: RuleSetVersion?
        for replica in group.replicas where withState({ $0.isReadable(replica.name, of: id) }) {
            do throws(ShardError) {
                version = try await client(replica).install(rules: rules)
            } catch {
                // It is installed when the replica is asked to score; whether it is out is for a commit to say.
                switch error {
                case .unavailable, .timeout: continue
                default: throw error
                }
            }
        }
        guard let version else { throw .unavailable("no replica of \(id) answers") }
        return version
    }
}

extension ShardClient {
    /// Writes where the store has come as far as a position.
    func commit(
        guarding least: StorePosition,
        _ request: CommitRequest,
        plain: Bool = false
    ) async throws(ShardError) {
        guard case .committed = try await call(plain ? .commit(request) : .guarded(least, .commit(request))) else {
            throw .badRequest("the answer does not fit a commit")
        }
    }
}
