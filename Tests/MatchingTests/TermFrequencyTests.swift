import Demographics
import Identifiers
import RuleSets
import Testing

@testable import Matching

@Suite struct TermFrequencyTests {
    private func rules() throws -> RuleSet {
        let text =
            RuleSetFile.standardText + """

                term_frequencies:
                  against: stranger
                  given_name: {John: -3, Nyandengala: 4, maryann: 1.5}
                  family_name: {okello: -2, Smyth: 6}

                """
        return try RuleSetFile(yaml: text).compiled()
    }

    private func keyed(_ rules: RuleSet, _ given: String, _ family: String) -> KeyedRecord {
        var record = SourceRecord(key: RecordKey(source: "s", value: "\(given) \(family)"))
        record.names = [PersonName(given: [given], family: family)]
        return rules.key(record.key.id, NormalisedRecord(record))
    }

    @Test func commonNamesProveLessAgainstStrangersOnly() throws {
        let plain = try RuleSetFile.standardRules()
        let adjusted = try rules()
        let john = keyed(adjusted, "JOHN", "Okello")
        let before = try Explanation(john.row, john.row, rules: plain)
        let after = try Explanation(john.row, john.row, rules: adjusted)
        #expect(after.alternatives[0].total.millibits == before.alternatives[0].total.millibits - 5_000)
        #expect(after.alternatives[1].total == before.alternatives[1].total)
        #expect(after.version != before.version)
    }

    @Test func onlyExactNamesAreAdjusted() throws {
        let plain = try RuleSetFile.standardRules()
        let adjusted = try rules()
        for (first, second) in [("John", "Jon"), ("John", "Mary"), ("Grace", "Grace")] {
            let left = keyed(adjusted, first, "Banda")
            let right = keyed(adjusted, second, "Banda")
            let before = try Explanation(left.row, right.row, rules: plain).total
            #expect(try Explanation(left.row, right.row, rules: adjusted).total == before)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func symmetryAndBoundsHoldWithFrequencies(seed: UInt64) throws {
        let rules = try rules()
        var random = RandomPeople(seed: seed &+ 300)
        let keyed = (0..<60).map { _ in
            let record = random.next()
            return rules.key(record.key.id, NormalisedRecord(record))
        }
        for left in keyed {
            let query = try PreparedQuery(left.row, sketch: left.sketch, rules: rules)
            for right in keyed {
                let back = try PreparedQuery(right.row, sketch: right.sketch, rules: rules)
                let score = right.row.withUnsafeBytes { query.score($0) }
                #expect(score == left.row.withUnsafeBytes { back.score($0) })
                #expect(query.upperBound(right.sketch) >= score)
                #expect(try Explanation(left.row, right.row, rules: rules).total == score)
                let floored = right.row.withUnsafeBytes { query.score($0, atLeast: rules.matchThreshold) }
                #expect(score >= rules.matchThreshold ? floored == score : floored < rules.matchThreshold)
            }
        }
    }

    @Test func tablesReadBack() throws {
        let rules = try rules()
        let back = try RuleSet(decoding: rules.encoded())
        #expect(back.version == rules.version)
        #expect(back.frequencies == rules.frequencies)
        #expect(back.frequencies?.givenNames["John"] == -3_000)
    }

    @Test func wrongTablesAreRefused() {
        let text =
            RuleSetFile.standardText + """

                term_frequencies:
                  against: strangers
                  given_name: {john: 25}
                  nickname: {}

                """
        do {
            _ = try RuleSetFile(yaml: text)
            Issue.record("accepted")
        } catch {
            #expect(
                error.faults.map(\.description) == [
                    "term_frequencies.nickname: is not known here; did you mean `given_name`?",
                    "term_frequencies.against: `strangers` is no alternative; did you mean `stranger`?",
                    "term_frequencies.given_name.john: 25.0 lies outside -20.0...20.0",
                ]
            )
        }
    }
}
