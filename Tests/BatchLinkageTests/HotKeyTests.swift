import BatchLinkage
import Demographics
import Identifiers
import Matching
import RuleSets
import Testing

/// Keys that a version leaves out: what is compared follows from the version, whoever came first.
@Suite struct HotKeyTests {
    private func rules(without hot: [UInt64], limit: Int = 4_000) throws -> RuleSet {
        let plain = try RuleSetFile.standardRules()
        return try RuleSet(
            name: plain.name,
            matchThreshold: plain.matchThreshold,
            reviewThreshold: plain.reviewThreshold,
            blockLimit: limit,
            alternatives: plain.alternatives,
            blocking: plain.blocking,
            guards: plain.guards,
            hotKeys: hot
        )
    }

    /// A crowd that shares one telephone, some people of it twice.
    private var crowd: [SourceRecord] {
        (0..<120).map { number in
            var record = SourceRecord(key: RecordKey(source: "s", value: "\(number)"))
            let person = number % 90
            record.names = [PersonName(given: ["Given\(person)"], family: "Family\(person * 7 % 89)")]
            record.birthDate = "19\(10 + person)-0\(1 + person % 9)-1\(person % 10)"
            record.contacts = [ContactPoint(system: .phone, value: "0782700001")]
            return record
        }
    }

    private func keys(_ rules: RuleSet) -> [UInt64] {
        crowd.flatMap { rules.keys(of: NormalisedRecord($0)).map(\.hash) }
    }

    @Test func noRecordGetsAHotKey() throws {
        let plain = try rules(without: [])
        let hot = HotKey.beyond(100, in: keys(plain))
        #expect(!hot.isEmpty)
        let version = try rules(without: hot)
        #expect(version.version != plain.version)
        let others = keys(plain).filter { !hot.contains($0) }
        let areTheOthers = keys(version) == others
        #expect(areTheOthers)
        #expect(!others.isEmpty)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func orderOfArrivalDoesNotMatter(seed: UInt64) async throws {
        let hot = HotKey.beyond(100, in: keys(try rules(without: [])))
        let version = try rules(without: hot, limit: 100)
        var state = seed
        let shuffled = crowd.map { record -> (UInt64, SourceRecord) in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33, record)
        }.sorted { $0.0 < $1.0 }.map(\.1)
        var (first, second) = (LinkRun(rules: version), LinkRun(rules: version))
        try await first.add(crowd)
        for record in shuffled { try await second.add([record]) }
        let (one, other) = (try await first.link(), try await second.link())
        #expect(one.links == other.links)
        #expect(one.report.persons == 90)
        #expect(one.report.cutBlocks == 0)
    }

    @Test func theyAreWrittenAndReadAgain() throws {
        let version = try rules(without: [0xFEDC_BA98_7654_3210, 7, 7])
        #expect(version.hotKeys == [7, 0xFEDC_BA98_7654_3210])
        #expect(try RuleSet(decoding: version.encoded()).version == version.version)
        let text = version.yaml()
        #expect(text.contains("format: 4\n"))
        #expect(text.contains("hot_keys:\n  - \"0000000000000007\"\n  - \"fedcba9876543210\"\n"))
        #expect(try RuleSetFile(yaml: text).compiled().version == version.version)
        #expect(try rules(without: []).yaml().contains("format: 3\n"))
        #expect(throws: (any Error).self) {
            try RuleSetFile(yaml: text.replacing("0000000000000007", with: "00000000000000x7"))
        }
    }

    @Test func whatIsNoKeyIsRefused() throws {
        #expect(HotKey.key("+000000000000007") == nil)
        #expect(HotKey.key("7") == nil)
        #expect(HotKey.text(7) == "0000000000000007")
        let text = String(decoding: try rules(without: [7, 9]).encoded(), as: UTF8.self)
        let unsorted = text.replacing("0000000000000007", with: "000000000000000a")
        #expect(throws: RuleSetError.outOfRange("hotKeys")) { try RuleSet(decoding: [UInt8](unsorted.utf8)) }
    }
}
