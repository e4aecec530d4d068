import Identifiers
import ShardProtocol
import Topology

/// The beginning of a term: the replicas in sync are shut to older leaders and brought to one state.
extension ReplicatedShard {
    /// Fences the group; called in its turn.
    ///
    /// 1. Every replica in sync is fenced. One that cannot be reached leaves the set, where enough are left.
    /// 2. Their tails are compared. They differ by the last message at most; who lacks it gets it from the foremost.
    ///    Who lacks more was wiped or put back, and leaves the set.
    /// 3. The map notes the epoch: a replica in sync that does not know it later was wiped. And an older leader that is
    ///    about to change the in-sync set by what it knew before the fence finds that somebody was faster, and has to
    ///    ask the fenced replicas again.
    ///
    /// A group that is led in this epoch already is left as it is: the map is replaced once a term. Whoever fences all
    /// groups and then replaces the map of the revision from before begins again until nobody replaced it in between.
    ///
    /// - Returns: how the group stands.
    func lead(_ epoch: Epoch) async throws(ShardError) -> ShardStatus {
        if let status = try await ledAlready(epoch) { return status }
        for _ in 0..<policy.fenceRounds {
            withState { state in
                state.term = nil
                state.isStale = true
            }
            if let status = try await leadOnce(epoch) { return status }
        }
        throw .unavailable("the replicas in sync of \(id) change too often")
    }

    /// The state of a group whose term in this epoch goes on; `nil` where it is to be fenced.
    private func ledAlready(_ epoch: Epoch) async throws(ShardError) -> ShardStatus? {
        guard let term = withState({ $0.term }), term.epoch == epoch, term.pending == nil else { return nil }
        withState { $0.isStale = true }
        do throws(ShardError) {
            guard try await currentGroup().group.epoch == epoch else { return nil }
        } catch {
            return nil
        }
        guard let now = withState({ $0.term }), now.epoch == epoch,
            case .status(var status) = try await readAny(.status)
        else { return nil }
        status.epoch = epoch
        status.through = now.through
        return status
    }

    private struct Fenced: Sendable {
        var status: ShardStatus
        var tail: TailAnswer
    }

    /// - Returns: `nil` where the map changed meanwhile.
    private func leadOnce(_ epoch: Epoch) async throws(ShardError) -> ShardStatus? {
        let (group, stored) = try await currentGroup()
        let answers = await fenceAll(group.inSync, epoch, after: group.epoch)
        var tails: [(name: String, tail: TailAnswer)] = []
        var gone: [(name: String, error: ShardError)] = []
        var status: ShardStatus?
        for (name, answer) in answers {
            switch answer {
            case .success(let fenced):
                tails.append((name, fenced.tail))
                status = status ?? fenced.status
            case .failure(.staleEpoch(let highest)): throw .staleEpoch(highest: highest)
            case .failure(let error): gone.append((name, error))
            }
        }
        let lost = gone.filter { if case .behind = $0.error { true } else { false } }.count
        guard var status, let comparison = TailComparison(tails, epoch: epoch) else {
            throw gone.first?.error ?? .unavailable("no replica of \(id) is in sync")
        }
        let isEnough = tails.count - comparison.behind.count >= group.minimumInSync
        if gone.count > lost, !isEnough { throw gone[0].error }
        for (name, tail) in tails where comparison.behind.contains(name) {
            gone.append((name, .behind(at: tail.last)))
        }
        let staying = tails.map(\.name).filter { !comparison.behind.contains($0) }
        let number = try await reconcile(comparison, group, staying, epoch)
        var changed = group
        for place in changed.replicas.indices where gone.contains(where: { $0.name == changed.replicas[place].name }) {
            changed.replicas[place].state = .out
        }
        changed.epoch = epoch
        let members = group.replicas.filter { staying.contains($0.name) }
        if !gone.isEmpty { try await confirm(members, StorePosition(epoch, 0)) }
        guard try await replace(stored, with: changed) else { return nil }
        do throws(ShardError) {
            if !gone.isEmpty { try await confirm(members, StorePosition(epoch, 0)) }
        } catch {
            try await restore(ReplicatedShard.silent(gone), in: group)
            throw error
        }
        for one in gone {
            count { $0.removed += 1 }
            observe(.removed(replica: one.name, one.error))
        }
        withState { state in
            state.term = GroupTerm(epoch: epoch, inSync: staying, number: number, through: comparison.through)
        }
        status.epoch = epoch
        status.through = comparison.through
        return status
    }

    private func fenceAll(
        _ replicas: [Replica],
        _ epoch: Epoch,
        after last: Epoch
    ) async -> [(String, Result<Fenced, ShardError>)] {
        await withTaskGroup(of: (String, Result<Fenced, ShardError>).self) { tasks in
            for replica in replicas {
                tasks.addTask {
                    let answer = await self.fence(replica, epoch, after: last)
                    return (replica.name, answer)
                }
            }
            var answers: [(String, Result<Fenced, ShardError>)] = []
            for await answer in tasks { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }
        }
    }

    private func fence(_ replica: Replica, _ epoch: Epoch, after last: Epoch) async -> Result<Fenced, ShardError> {
        let client = client(replica)
        var retries = Retries(policy, now: clock.now)
        while true {
            do throws(ShardError) {
                // One that was wiped must not be fenced: it could not be told from a new one after that.
                guard case .status(let status) = try await client.call(guarded(.fence(epoch), StorePosition(last, 0)))
                else { return .failure(.badRequest("the answer does not fit a fence")) }
                // Behind the fence nothing older can come in: the tail is final.
                let tail = try await client.tail(withOperations: false)
                return .success(Fenced(status: status, tail: tail))
            } catch {
                guard let pause = retries.pause(after: error, now: clock.now) else { return .failure(error) }
                await clock.sleep(pause)
            }
        }
    }

    /// Gives the last message of the foremost replica to those that lack it.
    ///
    /// - Returns: the last number used.
    private func reconcile(
        _ comparison: TailComparison,
        _ group: ShardGroup,
        _ staying: [String],
        _ epoch: Epoch
    ) async throws(ShardError) -> UInt64 {
        var number = comparison.number
        let laggards = group.replicas.filter { comparison.laggards.contains($0.name) }
        guard !planted.contains(.skipReconcile) else { return number }
        if let foremost = group.replicas.first(where: { $0.name == comparison.foremost }), !laggards.isEmpty {
            let tail = try await client(foremost).tail(withOperations: true)
            // It may have lost its disk since it was compared: then it has nothing to give, and all begins again.
            guard tail.last == comparison.last else { throw .behind(at: tail.last) }
            number += 1
            let message = CommitRequest(
                epoch: epoch,
                number: number,
                through: tail.through,
                operations: tail.operations
            )
            try await give(message, to: laggards)
            observe(.reconciled(replicas: laggards.map(\.name)))
        }
        // From here on all stand at one position of this epoch.
        if !laggards.isEmpty || number > 0 {
            number += 1
            let message = CommitRequest(epoch: epoch, number: number, through: comparison.through, operations: [])
            try await give(message, to: group.replicas.filter { staying.contains($0.name) })
        }
        return number
    }

    private func give(_ message: CommitRequest, to replicas: [Replica]) async throws(ShardError) {
        for replica in replicas {
            if let failure = await deliver(message, replica, StorePosition(message.epoch, 0)) { throw failure }
        }
    }
}
