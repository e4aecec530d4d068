import Demographics
import Identifiers
import Matching
import RuleSets
import ShardProtocol
import SimulationKit
import Testing
import Topology

@testable import Coordinator

/// Where the rules allow it, new records are taken while a shard does not answer, and searched for when it does.
@Suite("Records taken before they can be searched for") struct UnsearchedTests {
    /// Copies of one woman, at home on given shards of three.
    private static func copies(on shards: [Int], _ count: Int) -> [SourceRecord] {
        let map = SlotMap(evenly: 3)
        let all = (0..<1_000).map { People.amina("\($0)", source: "clinic-\($0)") }
        return Array(all.filter { shards.contains(Int(map.owner(ofHash: $0.key.id.rawValue).rawValue)) }.prefix(count))
    }

    private static func send(
        _ record: SourceRecord,
        _ text: String = "{}",
        to registry: Registry
    ) async
        -> SubmissionOutcome
    {
        await registry.submit([Submission(record: record, document: Array(text.utf8))])[0]
    }

    private static func isWaiting(_ outcome: SubmissionOutcome) -> Bool {
        if case .waiting = outcome { true } else { false }
    }

    private static func isUnavailable(_ outcome: SubmissionOutcome) -> Bool {
        if case .unavailable = outcome { true } else { false }
    }

    /// Sends until the record is stored.
    private static func stored(_ record: SourceRecord, in registry: Registry) async throws -> SubmissionOutcome.Stored {
        while true {
            if case .stored(let stored) = await send(record, to: registry) { return stored }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits until nothing waits, and what waited can be read: it is counted until it is decided, and durable after.
    private static func searched(_ records: [SourceRecord], in registry: Registry) async throws {
        while await registry.status().unsearched > 0 { try await Task.sleep(for: .milliseconds(5)) }
        for record in records {
            while try await registry.record(record.key)?.golden == nil { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func whereTheRulesDoNotAllowItNothingIsTaken() async throws {
        let shards = (0..<3).map { _ in MortalShard() }
        try await QuietCluster.whileLeading(shards) { registry in
            shards[2].die()
            let record = try #require(Self.copies(on: [0], 1).first)
            #expect(Self.isUnavailable(await Self.send(record, to: registry)))
            #expect(try await registry.record(record.key) == nil)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func newRecordsWaitAndJoinTheirPersonWhenTheShardIsBack() async throws {
        let rules = try RuleSetFile.standardRules().takingUnsearched()
        let shards = (0..<3).map { _ in MortalShard() }
        try await QuietCluster.whileLeading(shards, rules: rules) { registry in
            let copies = Self.copies(on: [0, 1], 4)
            let first = try await Self.stored(copies[0], in: registry)
            shards[2].die()
            for copy in copies[1...] {
                let outcome = await Self.send(copy, to: registry)
                guard case .waiting(let waiting) = outcome else { throw QuietCluster.Unexpected.outcome }
                #expect(waiting.key == copy.key && waiting.id == copy.key.id)
                #expect(!waiting.unsearched.isEmpty && waiting.unsearched.allSatisfy { $0.shard == ShardID(2) })
                let read = try await registry.record(copy.key)
                #expect(read?.isUnsearched == true && read?.golden == nil && read?.document == Array("{}".utf8))
                #expect(try await registry.record(id: copy.key.id)?.isUnsearched == true)
            }
            #expect(await registry.status().unsearched == 3)
            // The same again is the same; anything else about it has to wait, as has what is there already.
            #expect(Self.isWaiting(await Self.send(copies[1], to: registry)))
            #expect(Self.isUnavailable(await Self.send(copies[1], "{ }", to: registry)))
            #expect(Self.isUnavailable(await Self.send(copies[0], "{ }", to: registry)))
            let delete = Submission(action: .delete, record: copies[1], document: [])
            #expect(Self.isUnavailable(await registry.submit([delete])[0]))
            // Whose home is away is not taken either.
            let homeless = try #require(Self.copies(on: [2], 1).first)
            #expect(Self.isUnavailable(await Self.send(homeless, to: registry)))
            shards[2].rise()
            try await Self.searched(copies, in: registry)
            for copy in copies {
                let record = try await registry.record(copy.key)
                #expect(record?.golden == first.golden && record?.version == 1 && record?.isUnsearched == false)
            }
            #expect(try await registry.person(first.golden)?.members.count == 4)
            // Nothing is left of the wait: the next version is taken as ever.
            guard case .stored(let next) = await Self.send(copies[1], "{ }", to: registry) else {
                throw QuietCluster.Unexpected.outcome
            }
            #expect(next.version == 2)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func theNextLeaderSearchesForThem() async throws {
        let rules = try RuleSetFile.standardRules().takingUnsearched()
        let shards = (0..<3).map { _ in MortalShard() }
        let (copies, control) = (Self.copies(on: [0], 2), SimulatedControl())
        let first = try await QuietCluster.whileLeading(shards, rules: rules, control: control) { registry in
            let first = try await Self.stored(copies[0], in: registry)
            shards[1].die()
            #expect(Self.isWaiting(await Self.send(copies[1], to: registry)))
            return first
        }
        shards[1].rise()
        try await QuietCluster.whileLeading(shards, rules: rules, control: control) { registry in
            while try await registry.record(copies[1].key)?.golden != first.golden {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Self.searched(copies, in: registry)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func rulesThatDoNotAllowItAnyMoreSearchForThoseThatWait() async throws {
        let shards = (0..<3).map { _ in MortalShard() }
        let (copy, control) = (try #require(Self.copies(on: [0], 1).first), SimulatedControl())
        let rules = try RuleSetFile.standardRules().takingUnsearched()
        try await QuietCluster.whileLeading(shards, rules: rules, control: control) { registry in
            shards[1].die()
            #expect(Self.isWaiting(await Self.send(copy, to: registry)))
        }
        shards[1].rise()
        try await QuietCluster.whileLeading(shards, control: control) { registry in
            while try await registry.record(copy.key)?.golden == nil { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    @Test func rowsReadBackAndLieAtHome() throws {
        let record = People.amina("1")
        let write = PreparedWrite(
            Submission(record: record, document: Array("{}".utf8)),
            plan: RulePlan(active: try RuleSetFile.standardRules())
        )
        let row = UnsearchedRow(taken: 7, write: write)
        let back = try UnsearchedRow(decoding: row.encoded())
        #expect(back.taken == 7 && back.write.key == record.key && back.document == Array("{}".utf8))
        #expect(UnsearchedRow.isUnsearched(row.encoded()) && !HeldRow.isHeld(row.encoded()))
        for count in 0..<row.encoded().count {
            #expect(throws: RowError.self) { try UnsearchedRow(decoding: Array(row.encoded().prefix(count))) }
        }
        for number in 0..<200 {
            let id = People.amina("\(number)").key.id
            let address = ReadRequest.Address.unsearched(id)
            #expect(address.key.slot == Slot(hash: id.rawValue) && address != .held(id))
        }
    }
}
