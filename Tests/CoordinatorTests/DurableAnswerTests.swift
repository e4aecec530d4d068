import Coordinator
import Demographics
import Identifiers
import RuleSets
import ShardProtocol
import SimulationKit
import Testing
import Topology

/// An answer that promises something is given only when what it promises is durable, also where it wrote nothing itself.
struct DurableAnswerTests {
    /// Sends a write whose commit never arrives, then a second one that only finds what the first has decided.
    private func second(
        _ submission: Submission,
        after first: Submission,
        shards count: Int
    ) async throws
        -> SubmissionOutcome
    {
        let shards = (0..<count).map { _ in HeldShard() }
        return try await QuietCluster.whileLeading(shards) { registry in
            let stored = await registry.submit([Submission(record: People.peter("2"), document: [1])])
            guard case .stored? = stored.first else { throw QuietCluster.Unexpected.outcome }
            for shard in shards { shard.hold() }
            async let one = registry.submit([first])
            while shards.allSatisfy({ $0.waiting == 0 }) { try await Task.sleep(for: .milliseconds(1)) }
            let reads = shards.reduce(0) { $0 + $1.reads }
            async let two = registry.submit([submission])
            while shards.reduce(0, { $0 + $1.reads }) == reads { try await Task.sleep(for: .milliseconds(1)) }
            // Time for a wrong answer to get out; a right one cannot come before the commits end.
            try await Task.sleep(for: .milliseconds(50))
            while shards.contains(where: { $0.waiting > 0 }) {
                for shard in shards { shard.refuse() }
                try await Task.sleep(for: .milliseconds(1))
            }
            let outcome = await two[0]
            _ = await one
            return outcome
        }
    }

    @Test(arguments: [1, 3]) func aRepetitionIsNotAnsweredBeforeTheFirstIsDurable(shards: Int) async throws {
        let write = Submission(record: People.amina("1"), document: [1])
        let outcome = try await second(write, after: write, shards: shards)
        guard case .unavailable = outcome else {
            Issue.record("answered \(outcome) for a record that was never stored")
            return
        }
    }

    @Test(arguments: [1, 3]) func aRemovalDoneIsNotAnsweredBeforeItIsDurable(shards: Int) async throws {
        let key = People.peter("2").key
        let removal = Submission(action: .delete, record: SourceRecord(key: key), document: [])
        let outcome = try await second(removal, after: removal, shards: shards)
        guard case .unavailable = outcome else {
            Issue.record("answered \(outcome) for a record that was never removed")
            return
        }
    }
}
