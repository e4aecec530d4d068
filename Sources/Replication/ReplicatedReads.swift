import Identifiers
public import ShardProtocol
import Topology

/// Reads: any replica in sync will do, and the next one where the first does not answer.
extension ReplicatedShard {
    func readAny(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        if withState({ $0.stored == nil }) { try await currentGroup() }
        let mayReadRemoved = planted.contains(.readRemoved)
        let (order, least) = withState {
            ($0.readOrder(of: id, includingRemoved: mayReadRemoved), $0.readGuard(of: id))
        }
        var last = ShardError.unavailable("no replica is in sync")
        for (attempt, replica) in order.enumerated() {
            if attempt > 0 { count { $0.failovers += 1 } }
            let backup = attempt + 1 < order.count ? order[attempt + 1] : nil
            let outcome = await HedgedRead(shard: self, request: guarded(request, least), first: replica, backup).run()
            switch outcome.result {
            case .success(let answer):
                // It may have left the set while it was asked: what it said may be old.
                if mayReadRemoved || withState({ $0.isReadable(outcome.replica, of: id) }) { return answer }
                last = .unavailable("the replicas in sync changed meanwhile")
            case .failure(let error):
                switch error {
                case .unavailable, .timeout, .storage, .behind:
                    withState { $0.suspect(outcome.replica, reads: policy.suspectReads) }
                    last = error
                case .staleEpoch, .unknownRuleSet, .diskFull, .badRequest: throw error
                }
            }
        }
        if case .behind = last { throw .unavailable("no replica in sync has what was acknowledged") }
        throw last
    }

    func guarded(_ request: ShardRequest, _ least: StorePosition) -> ShardRequest {
        planted.contains(.skipGuard) ? request : .guarded(least, request)
    }

    /// How each replica is.
    public func replicas(within deadline: Duration) async -> [ReplicaReport] {
        _ = try? await currentGroup()
        let replicas = withState { $0.group(id)?.replicas ?? [] }
        let answers = await statuses(of: replicas, within: deadline)
        let catching = withState { $0.term?.catching?.name }
        var reports: [ReplicaReport] = []
        for replica in replicas {
            var report = ReplicaReport(
                name: replica.name,
                address: replica.address,
                state: replica.state.rawValue,
                status: answers[replica.name] ?? .failure(.timeout)
            )
            if replica.name == catching { report.slotsLeft = counters.slotsLeft }
            reports.append(report)
        }
        let foremost = reports.compactMap { try? $0.status.get().through.rawValue }.max() ?? 0
        for index in reports.indices {
            guard case .success(let status) = reports[index].status else { continue }
            reports[index].lag = foremost - min(foremost, status.through.rawValue)
        }
        return reports
    }

    /// Asks all at once, and none for longer than a moment.
    private func statuses(
        of replicas: [Replica],
        within deadline: Duration
    ) async -> [String: Result<ShardStatus, ShardError>] {
        await withTaskGroup(of: (String, Result<ShardStatus, ShardError>)?.self) { tasks in
            for replica in replicas {
                tasks.addTask {
                    let answer: Result<ShardStatus, ShardError>
                    do throws(ShardError) {
                        answer = .success(try await self.client(replica).status())
                    } catch {
                        answer = .failure(error)
                    }
                    return (replica.name, answer)
                }
            }
            tasks.addTask {
                await self.clock.sleep(deadline)
                return nil
            }
            var answers: [String: Result<ShardStatus, ShardError>] = [:]
            while answers.count < replicas.count, let next = await tasks.next() {
                guard let (name, answer) = next else { break }
                answers[name] = answer
            }
            tasks.cancelAll()
            return answers
        }
    }
}
