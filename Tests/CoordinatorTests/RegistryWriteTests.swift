import Coordinator
import Demographics
import Identifiers
import Identity
import Matching
import RuleSets
import SimulationKit
import Testing
import Topology

struct RegistryWriteTests {
    @Test func aRecordIsStoredAndReadBack() async throws {
        try await QuietCluster.run { cluster in
            let stored = try await cluster.stored(People.amina("1"), document: "{\"a\":1}")
            #expect(stored.created)
            #expect(stored.version == 1)
            let record = try await cluster.registry.record(stored.key)
            #expect(record?.document == Array("{\"a\":1}".utf8))
            #expect(record?.golden == stored.golden)
        }
    }

    @Test func twoSourcesOfOnePersonShareTheGoldenIdentifier() async throws {
        try await QuietCluster.run { cluster in
            let first = try await cluster.stored(People.amina("1"))
            let second = try await cluster.stored(People.amina("77", source: "lab", phone: ""))
            let other = try await cluster.stored(People.peter("2"))
            #expect(first.golden == second.golden)
            #expect(other.golden != first.golden)
            let person = try await cluster.registry.person(first.golden)
            #expect(Set(person?.members.map(\.key) ?? []) == [first.key, second.key])
        }
    }

    @Test func theSameDocumentAgainChangesNothing() async throws {
        try await QuietCluster.run { cluster in
            let first = try await cluster.stored(People.amina("1"))
            let again = try await cluster.stored(People.amina("1"))
            #expect(again.unchanged)
            #expect(again.version == first.version)
            #expect(again.golden == first.golden)
        }
    }

    @Test func anUpdateIsANewVersionAndTheOldOneStaysReadable() async throws {
        try await QuietCluster.run { cluster in
            let first = try await cluster.stored(People.amina("1"), document: "{\"v\":1}")
            let second = try await cluster.stored(People.amina("1", phone: "0700000001"), document: "{\"v\":2}")
            #expect(second.version == 2)
            #expect(!second.created)
            let old = try await cluster.registry.record(id: first.id, version: 1)
            #expect(old?.document == Array("{\"v\":1}".utf8))
        }
    }

    @Test func anUpdateThatTurnsARecordIntoSomebodyElseSplitsThePerson() async throws {
        try await QuietCluster.run { cluster in
            let first = try await cluster.stored(People.amina("1"))
            _ = try await cluster.stored(People.amina("2", source: "lab"))
            let moved = try await cluster.stored(
                People.peter("2", source: "lab"),
                document: "{\"moved\":true}"
            )
            #expect(moved.golden != first.golden)
            let person = try await cluster.registry.person(first.golden)
            #expect(person?.members.map(\.key) == [first.key])
        }
    }

    @Test func aRemovedRecordLeavesItsPersonAndItsPostings() async throws {
        try await QuietCluster.run { cluster in
            let first = try await cluster.stored(People.amina("1"))
            let second = try await cluster.stored(People.amina("2", source: "lab"))
            let outcome = await cluster.registry.submit([
                Submission(action: .delete, record: SourceRecord(key: first.key), document: [])
            ])
            #expect(outcome == [.removed(first.key, version: 2)])
            let person = try await cluster.registry.person(first.golden)
            #expect(person?.golden == first.golden, "the golden identifier outlives the record that founded it")
            #expect(person?.members.map(\.key) == [second.key])
            let postings = cluster.shards.flatMap(\.postings)
            #expect(!postings.contains { $0.record == first.id })
            #expect(try await cluster.registry.record(first.key)?.deleted == true)
        }
    }

    @Test func preconditionsAreHonoured() async throws {
        try await QuietCluster.run { cluster in
            _ = try await cluster.stored(People.amina("1"))
            let registry = cluster.registry
            let record = People.amina("1", phone: "0700000009")
            let wrong = Submission(record: record, document: [1], expectedVersion: 7)
            #expect(await registry.submit([wrong]) == [.refused(.versionConflict(current: 1))])
            let new = Submission(record: record, document: [1], mustBeNew: true)
            #expect(await registry.submit([new]) == [.refused(.alreadyExists)])
            let gone = Submission(action: .delete, record: People.peter("404"), document: [])
            #expect(await registry.submit([gone]) == [.refused(.notFound)])
        }
    }

    /// Invariant 2: copies of one person that arrive at the same moment meet in the window of what is in flight.
    @Test(arguments: [1, 3, 7]) func copiesAtOnceAreOnePerson(shards: Int) async throws {
        try await QuietCluster.run(shards: shards) { cluster in
            let goldens = await withTaskGroup(of: GoldenID?.self) { group in
                for copy in 0..<64 {
                    group.addTask {
                        try? await cluster.stored(People.amina("\(copy)", source: "s\(copy % 5)")).golden
                    }
                }
                var goldens: Set<GoldenID?> = []
                for await golden in group { goldens.insert(golden) }
                return goldens
            }
            #expect(goldens.count == 1)
        }
    }

    /// An update in flight that leaves a record where it stands was once taken for a record that is gone: whoever shared a
    /// key with the new version alone became a second person.
    @Test func anUpdateInFlightMeetsTheRecordsThatComeBehindIt() async throws {
        let shard = HeldShard()
        let rules = try RuleSetFile.standardRules()
        let registry = Registry(
            slots: SlotMap(evenly: 1),
            shards: [shard],
            rules: rules,
            control: SimulatedControl(),
            clock: RealClock()
        )
        var record = People.peter("1")
        record.contacts = []
        record.identifiers = [PatientIdentifier(system: "urn:tessera:national-id", value: "CF8273973", type: "NI")]
        let first = Submission(record: record, document: [1])
        let copy = Submission(record: People.copy(record, "2"), document: [2])
        record.contacts = [ContactPoint(system: .phone, value: "0701998877")]
        let moved = Submission(record: record, document: [3])
        var newcomer = People.copy(record, "3")
        newcomer.names = [PersonName(given: ["Pete"], family: "Okello")]
        newcomer.birthDate = "1961"
        newcomer.identifiers = []
        let last = Submission(record: newcomer, document: [4])
        let shared = Set(rules.key(newcomer.key.id, NormalisedRecord(newcomer)).keys.map(\.hash))
        let before = rules.key(first.record.key.id, NormalisedRecord(first.record)).keys.map(\.hash)
        try #require(shared.isDisjoint(with: before), "only the new version is to be met")
        let outcomes = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await registry.run() }
            while await !registry.status().leading { try await Task.sleep(for: .milliseconds(1)) }
            _ = await registry.submit([first, copy])
            shard.hold()
            async let one = registry.submit([moved])
            while shard.waiting == 0 { try await Task.sleep(for: .milliseconds(1)) }
            let reads = shard.reads
            async let two = registry.submit([last])
            while shard.reads == reads { try await Task.sleep(for: .milliseconds(1)) }
            try await Task.sleep(for: .milliseconds(50))
            shard.release()
            let outcomes = await one + two
            group.cancelAll()
            return outcomes
        }
        let goldens = outcomes.compactMap { if case .stored(let stored) = $0 { stored.golden } else { nil } }
        #expect(goldens.count == 2)
        #expect(Set(goldens).count == 1, "two copies of one person became two persons")
    }

    @Test func aStewardLinksAndSeparates() async throws {
        try await QuietCluster.run { cluster in
            let amina = try await cluster.stored(People.amina("1"))
            let peter = try await cluster.stored(People.peter("2"))
            let pair = try #require(RecordPair(amina.id, peter.id))
            let registry = cluster.registry
            _ = try await registry.decide(StewardDecision(kind: .mustLink, pair: pair, at: .zero, by: "steward"))
            #expect(try await registry.person(peter.golden)?.golden == amina.golden)
            _ = try await registry.decide(StewardDecision(kind: .cannotLink, pair: pair, at: .zero, by: "steward"))
            #expect(try await registry.person(peter.golden)?.golden == peter.golden, "the old identifier is back")
        }
    }
}

/// What a batch may grow to.
struct BatchSizeTests {
    /// A component that every record of a batch joins was once written again and again into one message, until the message
    /// was too large and the coordinator trapped.
    @Test func manyRecordsOfOnePersonFitOneBatch() async throws {
        try await QuietCluster.run { cluster in
            let submissions = (0..<300).map { number in
                Submission(record: People.amina("\(number)", source: "s\(number % 7)"), document: Array("{}".utf8))
            }
            let outcomes = await cluster.registry.submit(submissions)
            let stored = outcomes.filter { if case .stored = $0 { true } else { false } }
            #expect(stored.count == submissions.count)
        }
    }

    @Test func documentsLargerThanABatchGoInParts() async throws {
        try await QuietCluster.run { cluster in
            let document = [UInt8](repeating: 0x20, count: 3 << 20)
            let submissions = (0..<6).map { Submission(record: People.peter("\($0)"), document: document) }
            let outcomes = await cluster.registry.submit(submissions)
            #expect(outcomes.allSatisfy { if case .stored = $0 { true } else { false } })
        }
    }
}
