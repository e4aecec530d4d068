import BatchLinkage
import Demographics
import Identifiers
import RuleSets
import Testing

/// Which numbers keep two records of one name apart.
@Suite struct IdentifierKindTests {
    private func persons(type: String, yaml: String = RuleSetFile.standardText) async throws -> Int {
        var run = LinkRun(rules: try RuleSetFile(yaml: yaml).compiled())
        let numbers = ["CF90012345ABCD", "CF90098761WXYZ"]
        try await run.add(
            numbers.indices.map { index in
                var record = SourceRecord(key: RecordKey(source: "clinic", value: "\(index)"))
                record.names = [PersonName(given: ["Mary"], family: "Otieno")]
                record.sex = "F"
                record.birthDate = "1990-01-01"
                record.identifiers = [PatientIdentifier(system: "urn:x", value: numbers[index], type: type)]
                return record
            }
        )
        return try await run.link().report.persons
    }

    @Test("Two national numbers are of two people", arguments: ["NI", "PPN", "NNKEN", ""])
    func unique(type: String) async throws {
        let rules = RuleSetFile.standardText
            .replacing("different_identifiers: 0.0", with: "different_identifiers: always")
        #expect(try await persons(type: type, yaml: rules) == 2)
    }

    @Test("Two numbers of one clinic are of one person who registered twice", arguments: ["MR", "PI", "NH"])
    func repeatable(type: String) async throws {
        let rules = RuleSetFile.standardText
            .replacing("different_identifiers: 0.0", with: "different_identifiers: always")
        #expect(try await persons(type: type, yaml: rules) == 1)
    }

    @Test("Which kinds are unique is for the rules to say")
    func said() async throws {
        let rules = RuleSetFile.standardText
            .replacing("different_identifiers: 0.0", with: "different_identifiers: always")
            .replacing("unique: [unspecified, national, passport]", with: "unique: [facility]")
        #expect(try await persons(type: "MR", yaml: rules) == 2)
        #expect(try await persons(type: "NI", yaml: rules) == 1)
    }
}
