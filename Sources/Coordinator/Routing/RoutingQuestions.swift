import Identifiers
import ShardProtocol

/// What is asked of all groups while a term begins.
extension Routing {
    private enum Outcome<Answer: Sendable>: Sendable {
        case answered(Answer)
        case failed(ShardError)
    }

    /// Asks every group that holds anything, all at once: one that lost a replica takes seconds, and a machine that
    /// died may have held one of each group.
    ///
    /// - Parameter ask: asks one group.
    /// - Returns: the answers in the order of groups.
    /// - Throws: of those that failed, the error of the first group.
    func askActive<Answer: Sendable>(
        _ ask: @Sendable @escaping (ShardID, any ShardClient) async throws(ShardError) -> Answer
    ) async throws(ShardError) -> [(shard: ShardID, answer: Answer)] {
        var asked: [(shard: ShardID, client: any ShardClient)] = []
        for shard in activeGroups { asked.append((shard, try client(shard))) }
        let outcomes = await withTaskGroup(of: (Int, Outcome<Answer>).self) { tasks in
            for (place, one) in asked.enumerated() {
                tasks.addTask {
                    // The answer first, the pair after: built around the wait, the pair loses its number in optimised
                    // code.
                    let outcome: Outcome<Answer>
                    do throws(ShardError) {
                        outcome = .answered(try await ask(one.shard, one.client))
                    } catch {
                        outcome = .failed(error)
                    }
                    return (place, outcome)
                }
            }
            var outcomes: [(Int, Outcome<Answer>)] = []
            for await outcome in tasks { outcomes.append(outcome) }
            return outcomes.sorted { $0.0 < $1.0 }
        }
        var answers: [(shard: ShardID, answer: Answer)] = []
        for (place, outcome) in outcomes {
            switch outcome {
            case .answered(let answer): answers.append((asked[place].shard, answer))
            case .failed(let error): throw error
            }
        }
        return answers
    }
}
