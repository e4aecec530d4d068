import BatchLinkage
import Demographics
import Identifiers
import RuleSets
import Testing

/// Counting pairs by weight and truth.
@Suite("Weight survey")
struct WeightSurveyTests {
    private func record(_ value: String, _ given: String, _ born: String) -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "s", value: value))
        record.names = [PersonName(given: [given], family: "Okello")]
        record.birthDate = born
        record.sex = "F"
        return record
    }

    @Test("Pairs are counted where they weigh, unseen ones as missed, unnamed ones not at all")
    func counts() async throws {
        var run = LinkRun(rules: try RuleSetFile.standardRules())
        try await run.add([
            record("1", "Amina", "1980-02-03"), record("2", "Amina", "1980-02-03"), record("3", "Akinyi", "1980-02-03"),
            record("4", "Zuhura", "1955-11-30"), record("5", "Amina", "1980-02-03"),
        ])
        let survey = try await run.survey(["1": "a", "2": "a", "3": "b", "4": "a"])
        #expect(survey.matches.reduce(0, +) == 1)
        #expect(survey.others.reduce(0, +) == 2)
        #expect(survey.missed == 2)
        let trimmed = survey.trimmed
        #expect(trimmed.matches.last == 1)
        #expect(trimmed.others.first ?? 0 > 0)
        #expect(WeightSurvey().trimmed.matches == [0])
    }
}
