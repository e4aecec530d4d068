import Demographics
import Identifiers
import JSON
import Matching
import Testing

@testable import Gateway

/// How the native interface tells a score.
struct ExplanationTests {
    private func record(_ value: String, given: String, birthDate: String) -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "urn:clinic", value: value))
        record.names = [PersonName(given: [given], family: "Okello")]
        record.birthDate = birthDate
        record.sex = "female"
        return record
    }

    private func explained(_ left: SourceRecord, _ right: SourceRecord) throws -> JSONValue {
        var writer = JSONWriter()
        writer.explanation(try FakeRules.explain(left, right))
        return try JSONValue(parsing: writer.bytes.span.bytes)
    }

    @Test("A match is told field by field, with the rule that found it")
    func match() throws {
        let told = try explained(
            record("1", given: "Akinyi", birthDate: "1980-02-29"),
            record("2", given: "Akinyi", birthDate: "1980-02-29")
        )
        #expect(told["outcome"]?.string == "match")
        #expect(told["weight"]?.double == 13.5)
        #expect(told["matchThreshold"]?.double == 10)
        #expect(told["alternatives"]?[0]?["name"]?.string == "stranger")
        #expect(told["alternatives"]?[0]?["decisive"]?.boolean == true)
        #expect(told["alternatives"]?[0]?["prior"]?.double == -2.5)
        #expect(told["foundBy"]?.array?.compactMap(\.string) == ["birth_date+sex"])
        #expect(told["wouldSuffice"]?.array?.isEmpty == true)
        let fields = told["fields"]?.array ?? []
        #expect(fields.compactMap { $0["field"]?.string } == ["given_name", "family_name", "birth_date", "sex"])
        for field in fields {
            #expect(field["weight"]?.double == 4)
            #expect(field["weights"]?.array?.count == 1)
        }
    }

    @Test("A pair that is no match tells what would make it one")
    func noMatch() throws {
        let told = try explained(
            record("1", given: "Akinyi", birthDate: "1980-02-29"),
            record("2", given: "Zuberi", birthDate: "1980-02-29")
        )
        #expect(told["outcome"]?.string == "review")
        #expect(told["weight"]?.double == 6.5)
        let missing = told["wouldSuffice"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(missing.contains("given_name"))
        #expect(told["fields"]?[0]?["level"]?.string == "different")
        #expect(told["fields"]?[0]?["a"]?.string != told["fields"]?[0]?["b"]?.string)
    }
}
