import Demographics
import Foundation
import Identifiers
import Matching
import RuleSets
import Testing

/// The text of explanations, held by golden files in `Tests/Golden/matching`.
///
/// With `TESSERA_REWRITE=1` in the environment the files are written anew, to be read in the diff.
@Suite struct ExplanationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/matching")

    private func betty() -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "clinic", value: "1"))
        record.names = [PersonName(given: ["Betty"], middle: ["Florence"], family: "Montande")]
        record.sex = "F"
        record.birthDate = "1978-10-01"
        record.contacts = [ContactPoint(system: .email, value: "betty.montande@outlook.com")]
        record.addresses = [PostalAddress(line: "Nymobola Zone", city: "Durban", postalCode: "32348")]
        record.motherName = "Kizi Moagi"
        return record
    }

    private func check(_ left: SourceRecord, _ right: SourceRecord, golden: String) throws {
        let rules = try RuleSetFile.standardRules()
        let first = rules.key(left.key.id, NormalisedRecord(left))
        let second = rules.key(right.key.id, NormalisedRecord(right))
        let shared = rules.sharedRules(first.keys, second.keys)
        let why = try Explanation(first.row, second.row, rules: rules, shared: shared)
        // The version changes with every weight and has tests of its own.
        let text = why.description.replacing(rules.version.description, with: "VERSION")
        let file = Self.folder.appending(path: golden)
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test func aMatch() throws {
        var other = betty()
        other.key = RecordKey(source: "hospital", value: "7")
        other.names = [PersonName(given: ["Beti"], middle: ["F"], family: "MONTANDE")]
        other.birthDate = "10/1/1978"
        other.contacts = [ContactPoint(system: .phone, value: "0706183584")]
        try check(betty(), other, golden: "explain-match.txt")
    }

    @Test func aSister() throws {
        var sister = betty()
        sister.key = RecordKey(source: "hospital", value: "8")
        sister.names = [PersonName(given: ["Grace"], family: "Montande")]
        sister.birthDate = "1981-03-25"
        sister.contacts = []
        try check(betty(), sister, golden: "explain-sister.txt")
    }

    @Test func nothingInCommon() throws {
        let empty = SourceRecord(key: RecordKey(source: "hospital", value: "9"))
        try check(betty(), empty, golden: "explain-empty.txt")
    }

    @Test func malformedRowsAreTold() throws {
        let rules = try RuleSetFile.standardRules()
        let row = rules.key(betty().key.id, NormalisedRecord(betty())).row
        #expect(throws: RuleSetError.malformedRow) { try Explanation(row, [9, 9, 9], rules: rules) }
        #expect(throws: RuleSetError.malformedRow) { try Explanation([], row, rules: rules) }
    }
}
