import Coordinator
import Demographics
import Identifiers
import Identity
import SimulationKit
import Testing

/// Questions found under their records are those of the queue.
struct QuestionTests {
    @Test func whatIsFoundIsWhatTheQueueHolds() async throws {
        try await QuietCluster.run { cluster in
            let registry = cluster.registry
            var asked = 0
            for turn in 0..<600 {
                try await Crowd.write(registry, turn)
                // Brothers: the weights say one person, given names and sex do not; twins: a guard keeps them apart.
                let number = turn % 40
                var record = Crowd.record(number, turn)
                record.key = RecordKey(source: "school", value: "\(number)")
                record.names = [PersonName(given: [turn % 3 == 0 ? "Grace" : "Anna"], family: "Nakato\(number / 3)")]
                record.multipleBirth = .order(turn % 4)
                _ = await registry.submit([Submission(record: record, document: Array("\(turn)".utf8))])
                guard turn % 60 == 59 else { continue }
                let queue = try await registry.reviews(limit: 10_000)
                asked += queue.count
                let records =
                    (0..<120).map { Crowd.record($0, 0).key.id }
                    + (0..<40).map { RecordKey(source: "school", value: "\($0)").id }
                let found = try await registry.reviews(about: records)
                for (record, items) in zip(records, found) {
                    let expected = queue.filter { $0.task.pair.a == record || $0.task.pair.b == record }
                    #expect(Set(items.map(\.task)) == Set(expected.map(\.task)))
                }
            }
            #expect(asked > 0, "nothing was ever asked")
        }
    }
}
