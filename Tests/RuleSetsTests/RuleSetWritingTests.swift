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

    /// Rules that say nothing new keep their version, so that a running registry need not key anew.
    @Test func oldRulesStayInTheOldFormat() throws {
        let text = String(decoding: try RuleSetFile.standardRules().encoded(), as: UTF8.self)
        #expect(text.contains("\"format\":1"))
        let claimed = text.replacing("\"format\":1", with: "\"format\":2")
        #expect(throws: RuleSetError.self) { try RuleSet(decoding: Array(claimed.utf8)) }
    }
}
