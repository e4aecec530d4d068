import Coordinator
import Demographics
import Identifiers
import Identity
import Matching
import RuleSets
import ShardProtocol
import SimulationKit
import Testing

struct RegistryReadTests {
    @Test func matchFindsThePersonAndWritesNothing() async throws {
        try await QuietCluster.run { cluster in
            let stored = try await cluster.stored(People.amina("1"))
            _ = try await cluster.stored(People.peter("2"))
            let answer = try await cluster.registry.match(People.amina("", source: ""), limit: 10)
            #expect(answer.matches.map(\.record.key) == [stored.key])
            #expect(answer.matches.first?.grade == .certain)
            #expect(cluster.shards.flatMap { $0.rows(of: .home) }.count == 2)
        }
    }

    @Test func explainTellsBothSides() async throws {
        try await QuietCluster.run { cluster in
            let first = try await cluster.stored(People.amina("1"))
            let second = try await cluster.stored(People.amina("2", source: "lab"))
            let answer = try #require(try await cluster.registry.explain(first.key, second.key))
            #expect(answer.samePerson)
            #expect(answer.standing?.isSamePerson == true)
            #expect(answer.names[first.id] == first.key)
            #expect(try await cluster.registry.explain(first.key, RecordKey(source: "x", value: "y")) == nil)
        }
    }

    @Test func theChangeFeedIsPagedInOrder() async throws {
        try await QuietCluster.run { cluster in
            for number in 0..<30 { _ = try await cluster.stored(People.peter("\(number)")) }
            var after = Sequence.zero
            var sequences: [Sequence] = []
            while true {
                let page = try await cluster.registry.changes(after: after, limit: 7)
                #expect(page.entries.count <= 7)
                sequences += page.entries.map(\.sequence)
                guard page.next > after else { break }
                after = page.next
            }
            #expect(sequences.count == 30)
            #expect(sequences == sequences.sorted())
        }
    }

    @Test(arguments: [1, 3, 7]) func allLinksAreWalked(shards: Int) async throws {
        try await QuietCluster.run(shards: shards) { cluster in
            var expected: Set<RecordKey> = []
            for number in 0..<50 {
                expected.insert(try await cluster.stored(People.peter("\(number)", source: "s\(number)")).key)
            }
            var found: [RecordKey] = []
            var after: RecordID?
            repeat {
                let page = try await cluster.registry.links(after: after, limit: 8)
                found += page.entries.map(\.key)
                after = page.next
            } while after != nil
            #expect(found.count == 50)
            #expect(Set(found) == expected)
        }
    }

    /// Whoever is found by an identifier is nearly always found by all records of the person: no shard is asked again.
    @Test func recordsOfAPersonThatWereFoundTogetherAreCompanionsWithoutAnotherQuestion() async throws {
        let shards = (0..<3).map { _ in HeldShard() }
        try await QuietCluster.whileLeading(shards) { registry in
            let keyed = try RuleSetFile.standardRules().key(RecordID(1), NormalisedRecord(People.amina("1")))
            var stored: Set<RecordKey> = []
            for source in ["a", "b", "c"] {
                let submission = Submission(record: People.amina("1", source: source), document: Array("{}".utf8))
                guard case .stored(let one) = await registry.submit([submission])[0] else {
                    throw QuietCluster.Unexpected.outcome
                }
                stored.insert(one.key)
            }
            let page = try await registry.lookup(keyed.keys.map(\.hash), after: nil, limit: 10)
            #expect(Set(page.records.map(\.key)) == stored)
            let before = shards.reduce(0) { $0 + $1.reads }
            let companions = try await registry.companions(of: page.records)
            #expect(shards.reduce(0) { $0 + $1.reads } == before)
            for (record, others) in zip(page.records, companions) {
                #expect(Set(others.map(\.key)) == stored.subtracting([record.key]))
            }
            // Of one record alone the person has to be asked for, and the others have to be read.
            let alone = try #require(try await registry.record(page.records[2].key))
            let others = try await registry.companions(of: [alone])
            #expect(Set(others[0].map(\.key)) == stored.subtracting([alone.key]))
        }
    }
}
