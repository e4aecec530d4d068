import BatchLinkage
import Demographics
import Identifiers
import RuleSets
import Testing

/// What one set of rules does otherwise than another.
@Suite("Partition difference")
struct PartitionDifferenceTests {
    private func record(_ value: String, _ given: String, _ born: String) -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "s", value: value))
        record.names = [PersonName(given: [given], family: "Okello")]
        record.birthDate = born
        record.sex = "F"
        record.identifiers = [
            PatientIdentifier(system: "urn:nin", value: given == "Zuhura" ? "CF7766554433" : "CM9001234567", type: "NI")
        ]
        return record
    }

    private func linked(_ decisions: String) async throws -> LinkResult {
        let yaml = RuleSetFile.standardText + (decisions.isEmpty ? "" : "\ndecisions:\n  - \(decisions)\n")
        var run = LinkRun(rules: try RuleSetFile(yaml: yaml).compiled())
        try await run.add([
            record("1", "Amina", "1980-02-03"), record("2", "Amina", "1980-02-03"), record("3", "Betty", "1951-12-30"),
            record("4", "Zuhura", "1955-11-30"),
        ])
        return try await run.link()
    }

    @Test("Merges and splits are counted in pairs and shown by group")
    func counts() async throws {
        let standard = try await linked("")
        let same = PartitionDifference(active: standard, candidate: standard)
        #expect(same.merges.isEmpty && same.splits.isEmpty && same.joinedPairs == 0 && same.records == 4)
        let lax = try await linked("{when: {identifier: [exact]}, then: link}")
        let merge = PartitionDifference(active: standard, candidate: lax)
        #expect(merge.activePersons == 3 && merge.candidatePersons == 2)
        #expect(merge.joinedPairs == 2 && merge.partedPairs == 0 && merge.splits.isEmpty)
        let groups = merge.merges.map { $0.groups.map { $0.map(\.value).sorted() }.sorted { $0[0] < $1[0] } }
        #expect(groups == [[["1", "2"], ["3"]]])
        let strict = try await linked("{when: {sex: [same]}, then: never}")
        let split = PartitionDifference(active: lax, candidate: strict)
        #expect(split.partedPairs == 3 && split.joinedPairs == 0 && split.splits.map(\.records) == [3])
    }
}
