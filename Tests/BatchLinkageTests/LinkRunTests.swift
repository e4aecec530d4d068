import BatchLinkage
import Demographics
import Identifiers
import Identity
import Matching
import RuleSets
import Testing

@Suite struct LinkRunTests {
    /// A town: families at one address with one phone, some people recorded two or three times with errors.
    private func town(seed: UInt64) -> [SourceRecord] {
        var state = seed
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let given = ["Amina", "Betty", "Chipo", "Daudi", "Esther", "Farai", "Grace", "Hassan", "Ibrahim", "Juma"]
        let family = ["Okello", "Mwangi", "Banda", "Dlamini", "Otieno", "Phiri", "Nakato", "Zulu"]
        var records: [SourceRecord] = []
        for house in 0..<40 {
            let name = family[random(8)]
            for person in 0..<(2 + random(3)) {
                var record = SourceRecord(key: RecordKey(source: "a", value: "\(house)-\(person)"))
                record.names = [PersonName(given: [given[random(10)]], family: name)]
                record.sex = random(2) == 0 ? "F" : "M"
                record.birthDate = "\(1_940 + random(80))-\(10 + random(3))-\(10 + random(18))"
                record.contacts = [ContactPoint(system: .phone, value: "0782\(700_000 + house)")]
                record.addresses = [PostalAddress(line: "\(house) Hill Road", city: "Mbale")]
                records.append(record)
                for copy in 0..<random(3) {
                    var again = record
                    again.key = RecordKey(source: "b", value: "\(house)-\(person)-\(copy)")
                    again.names[0].given = [given[random(10)] == "Juma" ? "Jum" : again.names[0].given[0]]
                    if random(3) == 0 { again.contacts = [] }
                    records.append(again)
                }
            }
        }
        return records
    }

    private func link(_ batches: [[SourceRecord]]) async throws -> LinkResult {
        var run = LinkRun(rules: try RuleSetFile.standardRules())
        for batch in batches { try await run.add(batch) }
        return try await run.link()
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func orderAndGroupingDoNotMatter(seed: UInt64) async throws {
        let records = town(seed: seed)
        let whole = try await link([records])
        let backwards = try await link([records.reversed()])
        let single = try await link(records.map { [$0] })
        #expect(whole.links == backwards.links)
        #expect(whole.links == single.links)
        #expect(whole.report.persons < records.count)
        #expect(whole.links.count == records.count)
    }

    private func trained(_ batches: [[SourceRecord]]) async throws -> (rules: [UInt8], links: [LinkResult.Link]) {
        var run = TrainingRun(start: try RuleSetFile.standardRules())
        for batch in batches { try await run.add(batch) }
        let trained = try await run.trained()
        return (trained.rules.encoded(), try await trained.run.link().links)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func trainingDoesNotDependOnOrderOrGrouping(seed: UInt64) async throws {
        let records = town(seed: seed)
        let whole = try await trained([records])
        let backwards = try await trained([records.reversed()])
        let single = try await trained(records.map { [$0] })
        #expect(whole.rules == backwards.rules)
        #expect(whole.rules == single.rules)
        #expect(whole.links == backwards.links)
        #expect(whole.links == single.links)
    }

    /// What training learns is a rule set like any other: linking by it anew gives the same persons.
    @Test func trainedRulesGiveTheSameLinksWithoutTraining() async throws {
        let records = town(seed: 4)
        let whole = try await trained([records])
        var run = LinkRun(rules: try RuleSet(decoding: whole.rules))
        try await run.add(records)
        #expect(try await run.link().links == whole.links)
    }

    @Test(arguments: [0, 1, 2, 3])
    func trainingOnNextToNothingIsSane(count: Int) async throws {
        let records = Array(town(seed: 5).prefix(count))
        #expect(try await trained([records]).links.count == count)
    }

    @Test func everyPairThatSharesAKeyIsScored() async throws {
        // The dumb twin: all pairs, components of those that share a key and reach the threshold, no guards.
        let rules = try RuleSetFile.standardRules()
        let records = town(seed: 9)
        let keyed = records.map { rules.key($0.key.id, NormalisedRecord($0)) }
        var parents = Array(records.indices)
        func root(_ index: Int) -> Int { parents[index] == index ? index : root(parents[index]) }
        for left in records.indices {
            for right in records.indices where left < right {
                guard !rules.sharedRules(keyed[left].keys, keyed[right].keys).isEmpty else { continue }
                let why = try Explanation(keyed[left].row, keyed[right].row, rules: rules)
                if why.outcome == .match { parents[root(right)] = root(left) }
            }
        }
        var run = LinkRun(
            rules: rules,
            identity: IdentityPolicy(
                matchThreshold: rules.matchThreshold,
                reviewThreshold: rules.reviewThreshold,
                guards: .none
            )
        )
        try await run.add(records)
        let result = try await run.link()
        let golden = Dictionary(uniqueKeysWithValues: result.links.map { ($0.key, $0.golden) })
        for left in records.indices {
            for right in records.indices where left < right {
                let together = golden[records[left].key] == golden[records[right].key]
                #expect(together == (root(left) == root(right)))
            }
        }
    }

    @Test func theLastOfRepeatedRecordsCounts() async throws {
        var first = SourceRecord(key: RecordKey(source: "a", value: "1"))
        first.names = [PersonName(given: ["Amina"], family: "Okello")]
        var second = first
        second.names = [PersonName(given: ["Grace"], family: "Banda")]
        let result = try await link([[first], [second]])
        #expect(result.links.count == 1)
        #expect(result.report.repeated == 1)
        #expect(result.report.records == 1)
    }

    @Test func aCutBlockIsCutAlikeInAnyOrder() async throws {
        var file = try RuleSetFile(yaml: RuleSetFile.standardText)
        file.blockLimit = 2
        let rules = try file.compiled()
        let records = (0..<12).map { number in
            var record = SourceRecord(key: RecordKey(source: "a", value: "\(number)"))
            record.names = [PersonName(given: ["Amina"], family: "Okello")]
            record.birthDate = "1985-03-09"
            return record
        }
        var forward = LinkRun(rules: rules)
        try await forward.add(records)
        var backward = LinkRun(rules: rules)
        try await backward.add(records.reversed())
        let first = try await forward.link()
        let second = try await backward.link()
        #expect(first.links == second.links)
        #expect(first.report.cutBlocks > 0)
        // Two of twelve ask, and they reach all the others.
        #expect(first.report.pairs == 11 + 10)
        #expect(first.report.persons == 1)
    }

    @Test func nothingGivesNothing() async throws {
        let result = try await link([])
        #expect(result.links.isEmpty)
        #expect(result.report.persons == 0)
    }

    @Test func recordsWithoutAnyValueStayAlone() async throws {
        let records = (0..<50).map { SourceRecord(key: RecordKey(source: "a", value: "\($0)")) }
        let result = try await link([records])
        #expect(result.report.persons == 50)
        #expect(result.report.keys == 0)
    }
}
