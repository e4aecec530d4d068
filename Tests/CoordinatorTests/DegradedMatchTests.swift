import Coordinator
import Demographics
import Identifiers
import Testing
import Topology

/// While a shard does not answer, a search says what it could not look at, and shows the rest.
struct DegradedMatchTests {
    @Test(arguments: 0..<3) func keysOfASilentShardAreNamed(dead: Int) async throws {
        let shards = (0..<3).map { _ in MortalShard() }
        try await QuietCluster.whileLeading(shards) { registry in
            var keys: [RecordKey] = []
            for number in 0..<12 {
                let record = People.amina("\(number)", source: "clinic-\(number)")
                _ = await registry.submit([Submission(record: record, document: Array("{}".utf8))])
                keys.append(record.key)
            }
            let whole = try await registry.match(People.amina("", source: ""), limit: 20)
            #expect(whole.matches.count == keys.count)
            #expect(whole.unsearched == [])
            #expect(whole.unread == 0)
            shards[dead].die()
            let answer = try await registry.match(People.amina("", source: ""), limit: 20)
            #expect(answer.matches.count + answer.unread == keys.count)
            #expect(answer.unsearched.allSatisfy { $0.shard == ShardID(UInt16(dead)) && !$0.rule.isEmpty })
            #expect(!answer.unsearched.isEmpty || answer.unread > 0)
            let shown = Set(answer.matches.map(\.record.key))
            for key in keys where !shown.contains(key) {
                #expect(SlotMap(evenly: 3).owner(ofHash: key.id.rawValue) == ShardID(UInt16(dead)))
            }
        }
    }

    @Test func whereAllAreSilentItIsAnError() async throws {
        let shards = (0..<2).map { _ in MortalShard() }
        try await QuietCluster.whileLeading(shards) { registry in
            for shard in shards { shard.die() }
            await #expect(throws: RegistryError.self) {
                try await registry.match(People.amina("", source: ""), limit: 5)
            }
        }
    }
}
