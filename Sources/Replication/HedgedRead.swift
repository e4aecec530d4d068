import ShardProtocol
import Topology

/// One read of a group: of one replica, and of a second one as well where the first takes long.
///
/// The answer that comes first counts; both replicas are in sync, so both are right.
struct HedgedRead {
    /// What was answered, and by whom.
    struct Outcome: Sendable {
        var replica: String
        var result: Result<ShardAnswer, ShardError>
    }

    private enum Event: Sendable {
        case answered(Outcome)
        case late
    }

    private let shard: ReplicatedShard
    private let request: ShardRequest
    private let first: Replica
    private let backup: Replica?

    init(shard: ReplicatedShard, request: ShardRequest, first: Replica, _ backup: Replica?) {
        self.shard = shard
        self.request = request
        self.first = first
        self.backup = backup
    }

    /// Asks.
    func run() async -> Outcome {
        guard let backup, let patience = shard.policy.hedgeAfter, request.isShort else { return await ask(first) }
        let policy = shard.policy
        shard.withState { $0.payForHedge(policy) }
        return await withTaskGroup(of: Event.self) { tasks in
            tasks.addTask {
                let outcome = await ask(first)
                return .answered(outcome)
            }
            tasks.addTask {
                await shard.clock.sleep(patience)
                return .late
            }
            defer { tasks.cancelAll() }
            var asked = 1
            var failed: Outcome?
            while let event = await tasks.next() {
                switch event {
                case .late:
                    guard !Task.isCancelled, shard.withState({ $0.mayHedge(policy) }) else { continue }
                    shard.count { $0.hedged += 1 }
                    asked += 1
                    tasks.addTask {
                        let outcome = await ask(backup)
                        return .answered(outcome)
                    }
                case .answered(let outcome):
                    if case .success = outcome.result {
                        note(winner: outcome.replica)
                        return outcome
                    }
                    asked -= 1
                    // Where the second was not asked yet, the caller asks it next.
                    guard asked > 0 else { return failed ?? outcome }
                    failed = failed ?? outcome
                }
            }
            return failed ?? Outcome(replica: first.name, result: .failure(.timeout))
        }
    }

    private func ask(_ replica: Replica) async -> Outcome {
        do throws(ShardError) {
            return Outcome(replica: replica.name, result: .success(try await shard.client(replica).call(request)))
        } catch {
            return Outcome(replica: replica.name, result: .failure(error))
        }
    }

    /// Who was overtaken is asked last for a while.
    private func note(winner: String) {
        guard winner != first.name else { return }
        shard.count { $0.hedgesWon += 1 }
        shard.withState { $0.suspect(first.name, reads: shard.policy.suspectReads) }
    }
}

extension ShardRequest {
    /// Whether it is one of the questions that somebody waits for and that take a moment.
    fileprivate var isShort: Bool {
        switch self {
        case .candidates, .read, .block, .status: true
        case .guarded(_, let request): request.isShort
        case .commit, .scan, .install, .fence, .postings, .posted, .digest, .tail, .ruleSets, .dropDamaged: false
        }
    }
}
