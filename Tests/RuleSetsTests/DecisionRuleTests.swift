import Demographics
import Identifiers
import Matching
import RuleSets
import Testing

/// Rules that decide beside the weights.
@Suite("Decision rules")
struct DecisionRuleTests {
    private func rules(_ decisions: String) throws -> RuleSet {
        try RuleSetFile(yaml: RuleSetFile.standardText + "\ndecisions:\n" + decisions).compiled()
    }

    private func person(_ given: String, _ born: String, id: String = "CM90012345ABCD") -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "s", value: given + born))
        record.names = [PersonName(given: [given], family: "Otieno")]
        record.sex = "F"
        record.birthDate = born
        record.identifiers = [PatientIdentifier(system: "urn:nin", value: id, type: "NI")]
        return record
    }

    private func why(_ rules: RuleSet, _ left: SourceRecord, _ right: SourceRecord) throws -> Explanation {
        let first = rules.key(left.key.id, NormalisedRecord(left))
        let second = rules.key(right.key.id, NormalisedRecord(right))
        let why = try Explanation(first.row, second.row, rules: rules)
        let query = try PreparedQuery(first.row, sketch: first.sketch, rules: rules)
        let score = second.row.withUnsafeBytes { query.score($0, atLeast: rules.reviewThreshold) }
        // Below the floor any lower weight may be given.
        #expect(score == why.total || (score < rules.reviewThreshold && why.total < rules.reviewThreshold))
        #expect(query.upperBound(second.sketch) >= why.total)
        #expect(try RuleSet(decoding: rules.encoded()).decisions == rules.decisions)
        return why
    }

    @Test("A rule links what weighs too little")
    func link() throws {
        let mother = person("Rose", "1988-09-30")
        let child = person("Juliet", "2015-03-28")
        #expect(try why(RuleSetFile.standardRules(), mother, child).outcome == .no)
        let rules = try rules("  - {name: one number, when: {identifier: [exact]}, then: link}\n")
        let linked = try why(rules, mother, child)
        #expect(linked.outcome == .match && linked.decision?.name == "one number")
        #expect(linked.description.contains("Decided by the rule `one number`: link."))
        #expect(try why(rules, mother, person("Rose", "1988-09-30", id: "XX77")).decision == nil)
    }

    @Test("A rule keeps apart and asks, the first that fits")
    func neverAndReview() throws {
        let rules = try rules(
            """
              - {when: {sex: same, birth_date: [exact]}, then: review}
              - {name: names, when: {given_name: [exact, missing], phone: [missing]}, then: never}

            """
        )
        let one = person("Rose", "1988-09-30")
        let asked = try why(rules, one, person("Rose", "1988-09-30"))
        #expect(asked.outcome == .review && asked.decision?.name == "decisions[0]")
        let apart = try why(rules, one, person("Rose", "1988-09-29"))
        #expect(apart.outcome == .no && apart.total == DecisionRule.neverWeight)
    }

    @Test("A rule set with decisions and a model of columns is written and read back to the bit")
    func written() throws {
        let model = ColumnModel(
            columns: ["x": ColumnSource(.identifier, system: "urn:n")],
            prior: -11.099_337_837_836_7,
            comparisons: [.init(name: "x/y", levels: [.init(when: "\"x_l\" = \"x_r\"")])]
        )
        var file = try RuleSetFile(
            yaml: RuleSetFile.standardText
                + "\ndecisions:\n  - {name: 'a \"b\"', when: {sex: [same, missing], phone: exact}, then: review}\n"
        )
        file.columns = model
        let rules = try file.compiled()
        let back = try RuleSetFile(yaml: rules.yaml()).compiled()
        #expect(back.version == rules.version)
        #expect(back.decisions == rules.decisions && back.columns == model)
    }

    @Test("Faults are told with their place")
    func faults() {
        let text =
            RuleSetFile.standardText + """

                decisions:
                  - {when: {sex: [sane]}, then: link}
                  - {when: {colour: [red]}, then: burn}
                  - {when: {}, then: never}
                """
        #expect {
            try RuleSetFile(yaml: text)
        } throws: {
            let text = "\($0)"
            return text.contains("decisions[0].when.sex: `sane` is no level of it; did you mean `same`?")
                && text.contains("decisions[1].then: expected one of link, never, review")
                && text.contains("decisions[1].when.colour: is not known here")
                && text.contains("decisions[2].when: a rule without a condition")
        }
    }
}
