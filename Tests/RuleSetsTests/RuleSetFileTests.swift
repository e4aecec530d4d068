import Matching
import RuleSets
import Testing

@Suite struct RuleSetFileTests {
    @Test func theDefaultFileIsWhole() throws {
        let file = try RuleSetFile(yaml: RuleSetFile.standardText)
        let rules = try file.compiled()
        #expect(rules.name == "default")
        #expect(rules.alternatives.map(\.name) == ["stranger", "relative"])
        for level in ComparisonLevel.allCases where level.field != .source {
            #expect(file.levels[level] != nil, "\(level.field.name).\(level.name) has no weight")
        }
        #expect(rules.reviewThreshold < rules.matchThreshold)
    }

    @Test func levelNamesAreDistinctWithinAField() {
        for field in MatchField.allCases {
            #expect(Set(field.levels.map(\.name)).count == field.levels.count)
        }
    }

    @Test func theEncodingReadsBack() throws {
        let rules = try RuleSetFile.standardRules()
        let back = try RuleSet(decoding: rules.encoded())
        #expect(back.version == rules.version)
        #expect(back.encoded() == rules.encoded())
        #expect(back.guards == rules.guards)
        #expect(back.blocking == rules.blocking)
        #expect(back.alternatives == rules.alternatives)
    }

    @Test func rulesSayWhetherRecordsAreTakenUnsearched() throws {
        let rules = try RuleSetFile.standardRules()
        let taking = try rules.takingUnsearched()
        #expect(!rules.takesUnsearched && taking.takesUnsearched && taking.version != rules.version)
        #expect(try RuleSet(decoding: taking.encoded()).takesUnsearched)
        #expect(!rules.yaml().contains("unsearched"))
        let file = try RuleSetFile(yaml: taking.yaml())
        #expect(file.takesUnsearched)
        #expect(try file.compiled().version == taking.version)
        let refusing = taking.yaml().replacing("unsearched: accept", with: "unsearched: refuse")
        #expect(try RuleSetFile(yaml: refusing).compiled().version == rules.version)
        let odd = taking.yaml().replacing("unsearched: accept", with: "unsearched: maybe")
        #expect(throws: RuleSetFaults.self) { try RuleSetFile(yaml: odd) }
        // What says nothing is written as what says nothing.
        let text = String(decoding: taking.encoded(), as: UTF8.self)
        let never = text.replacing("\"takesUnsearched\":true", with: "\"takesUnsearched\":false")
        #expect(throws: RuleSetError.self) { try RuleSet(decoding: Array(never.utf8)) }
    }

    @Test func brokenEncodingsAreRefused() throws {
        let bytes = try RuleSetFile.standardRules().encoded()
        for count in stride(from: 0, to: bytes.count, by: 97) {
            #expect(throws: RuleSetError.self) { try RuleSet(decoding: Array(bytes.prefix(count))) }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let newer = text.replacing("\"format\":1", with: "\"format\":7")
        #expect(throws: RuleSetError.unknownFormat(7)) { try RuleSet(decoding: Array(newer.utf8)) }
        let strange = text.replacing("sex.same", with: "sex.sane")
        #expect(throws: RuleSetError.self) { try RuleSet(decoding: Array(strange.utf8)) }
    }

    @Test func everyFaultIsToldWithItsPlace() {
        let yaml = """
            format: 6
            name: broken
            thresholds: {match: 3, review: 4}
            block_limit: none
            alternatives:
              stranger: {prior: -20}
            fields:
              given_nam: {exact: {stranger: 1}}
              sex:
                same: {stranger: 1, relative: 2}
                different: {stranger: 1e9}
            blocking:
              - [identifer]
              - identifier
            guards: {different_identifiers: sometimes}
            colour: blue
            """
        do {
            _ = try RuleSetFile(yaml: yaml)
            Issue.record("accepted")
        } catch {
            #expect(
                error.faults.map(\.description) == [
                    "colour: is not known here; did you mean `columns`?",
                    "format: 6 lies outside 1...5",
                    "thresholds.review: must not exceed `match`",
                    "block_limit: expected a whole number",
                    "fields.given_nam: is not known here; did you mean `given_name`?",
                    "fields.sex.same.relative: is not known here; did you mean `stranger`?",
                    "fields.sex.different.stranger: 1000000000.0 lies outside -100.0...100.0",
                    "blocking[0]: `identifer` is no key part; did you mean `identifier`?",
                    "blocking[1]: expected a list of 1 to 5 parts",
                    "guards.different_identifiers: expected `off`, `always`, or bits beyond the match threshold",
                ]
            )
        }
    }

    @Test(arguments: ["", "[]", "{", "a: b: c", "- x\n- y", "\u{0}"])
    func nonsenseIsRefused(yaml: String) {
        #expect(throws: RuleSetFaults.self) { try RuleSetFile(yaml: yaml) }
    }

    @Test func anyChangeIsAnotherVersion() throws {
        var file = try RuleSetFile(yaml: RuleSetFile.standardText)
        let before = try file.compiled().version
        #expect(try file.compiled().version == before)
        file.matchThreshold += 0.001
        #expect(try file.compiled().version != before)
    }
}
