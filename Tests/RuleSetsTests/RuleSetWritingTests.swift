import Demographics
import Identifiers
import Matching
import RuleSets
import Testing

@Suite struct RuleSetWritingTests {
    @Test func theDefaultRulesReadBack() throws {
        let rules = try RuleSetFile.standardRules()
        let back = try RuleSetFile(yaml: rules.yaml(comments: ["for people", ""])).compiled()
        #expect(back.encoded() == rules.encoded())
    }

    @Test func whatFormat2SaysReadsBack() throws {
        let standard = try RuleSetFile.standardRules()
        let rules = try RuleSet(
            name: "no \"quotes\" \\ needed",
            matchThreshold: .zero,
            reviewThreshold: MatchWeight(millibits: -4_001),
            blockLimit: 77,
            alternatives: standard.alternatives,
            blocking: [BlockingRule([.identifier]), BlockingRule([.anySound, .birthYear])],
            guards: GuardRules(),
            frequencies: TermFrequencies(
                alternative: "stranger",
                givenNames: ["no": -2_005, "null": 1, "1e5": 3, "mary": -1],
                otherGivenName: 2_500,
                otherFamilyName: -7
            ),
            identifiers: IdentifierRules(unique: [.passport]),
            linkage: .average(absent: MatchWeight(millibits: 3_250))
        )
        let back = try RuleSetFile(yaml: rules.yaml()).compiled()
        #expect(back.encoded() == rules.encoded())
        #expect(back.linkage == rules.linkage)
        #expect(try RuleSet(decoding: rules.encoded()).version == rules.version)
    }

    /// A program that knows no decisions must refuse rules that decide, not link without them.
    @Test func whatCameLaterIsFormat3() throws {
        let standard = try RuleSetFile.standardRules()
        let rules = try RuleSet(
            name: "passports",
            matchThreshold: standard.matchThreshold,
            reviewThreshold: standard.reviewThreshold,
            blockLimit: standard.blockLimit,
            alternatives: standard.alternatives,
            blocking: standard.blocking,
            guards: standard.guards,
            identifiers: IdentifierRules(unique: [.passport])
        )
        let text = String(decoding: rules.encoded(), as: UTF8.self)
        #expect(text.contains("\"format\":3"))
        for claimed in 1...2 {
            let older = text.replacing("\"format\":3", with: "\"format\":\(claimed)")
            #expect(throws: RuleSetError.outOfRange("format")) { try RuleSet(decoding: Array(older.utf8)) }
        }
        #expect(try RuleSet(decoding: rules.encoded()).version == rules.version)
    }

    /// A program that knows neither sources nor sizes must refuse rules that weigh them.
    @Test func sourcesAndSizesAreFormat4() throws {
        let standard = try RuleSetFile.standardRules()
        var alternatives = standard.alternatives
        alternatives[0].weights[Int(ComparisonLevel.sourceSame.rawValue)] = -2_125
        let growth: [[MatchWeight]] = [[.zero], [MatchWeight(millibits: -8_000), MatchWeight(millibits: 2_750)]]
        func rules(_ alternatives: [Alternative], _ growth: [[MatchWeight]]) throws -> RuleSet {
            try RuleSet(
                name: "two visits",
                matchThreshold: standard.matchThreshold,
                reviewThreshold: standard.reviewThreshold,
                blockLimit: standard.blockLimit,
                alternatives: alternatives,
                blocking: standard.blocking,
                guards: standard.guards,
                linkage: .average(absent: MatchWeight(millibits: 5_000), growth: growth)
            )
        }
        for rules in [try rules(alternatives, []), try rules(standard.alternatives, growth)] {
            let text = String(decoding: rules.encoded(), as: UTF8.self)
            #expect(text.contains("\"format\":4"))
            let older = text.replacing("\"format\":4", with: "\"format\":3")
            #expect(throws: RuleSetError.outOfRange("format")) { try RuleSet(decoding: Array(older.utf8)) }
            let back = try RuleSetFile(yaml: rules.yaml()).compiled()
            #expect(back.encoded() == rules.encoded())
            #expect(back.linkage == rules.linkage)
        }
        #expect(throws: RuleSetError.outOfRange("linkage")) { try rules(alternatives, [[.zero, .zero]]) }
    }

    @Test(arguments: ["[[0, 0]]", "[[0], [1]]", "7", "[[0], [1, x]]"])
    func aTableOfSizesOfAnotherShapeIsRefused(rows: String) throws {
        let text = RuleSetFile.standardText + "persons: {absent: 5, growth: \(rows)}\n"
        #expect(throws: RuleSetFaults.self) { try RuleSetFile(yaml: text) }
    }

    /// Rules that say nothing new keep their version, so that a running registry need not key anew.
    @Test func oldRulesStayInTheOldFormat() throws {
        let text = String(decoding: try RuleSetFile.standardRules().encoded(), as: UTF8.self)
        #expect(text.contains("\"format\":1"))
        let claimed = text.replacing("\"format\":1", with: "\"format\":2")
        #expect(throws: RuleSetError.self) { try RuleSet(decoding: Array(claimed.utf8)) }
    }
}
