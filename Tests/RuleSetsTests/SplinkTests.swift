import Foundation
import JSON
import Matching
import RuleSets
import Testing

/// A model that Splink trained on made-up people, and what Splink made of 1,000 of their pairs.
///
/// `Tests/Golden/splink/VERSION`: the model as Splink wrote it, the pairs with Splink's match weight, and the shares of values
/// that it used.
@Suite("Splink models")
struct SplinkTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/splink")

    private func rows(_ version: Int, _ name: String) throws -> [[String]] {
        let text = try String(contentsOf: Self.folder.appending(path: "\(version)/\(name)"), encoding: .utf8)
        return text.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private func model(_ version: Int) throws -> SplinkModel {
        let text = try String(contentsOf: Self.folder.appending(path: "\(version)/model.json"), encoding: .utf8)
        return try SplinkModel(json: try JSONValue(parsing: text))
    }

    private func frequencies(_ version: Int) throws -> [String: [String: Double]] {
        var result: [String: [String: Double]] = [:]
        for row in try rows(version, "frequencies.csv").dropFirst() {
            result[row[0], default: [:]][row[1]] = Double(row[2])
        }
        return result
    }

    /// The largest difference between weights by a model and those that Splink gave.
    private func difference(_ columns: ColumnModel, _ version: Int) throws -> Double {
        let scorer = try ColumnScorer(columns)
        let rows = try rows(version, "pairs.csv")
        let header = rows[0]
        var largest = 0.0
        for row in rows.dropFirst() {
            func values(_ side: String) -> [String?] {
                scorer.columns.map { column in
                    let text = header.firstIndex(of: column + side).map { row[$0] } ?? ""
                    return text.isEmpty ? nil : text
                }
            }
            let weight = try #require(Double(row[0]))
            largest = max(largest, abs(scorer.outcome(values("_l"), values("_r")).sum - weight))
        }
        #expect(rows.count == 1_001)
        return largest
    }

    @Test("Every pair weighs what Splink says, to a thousandth of a bit", arguments: [4, 5])
    func sameWeights(version: Int) throws {
        var columns = try model(version).columns
        columns.frequencies = try frequencies(version)
        #expect(try difference(columns, version) < 0.001)
        columns.frequencies = nil
        #expect(try difference(columns, version) > 0.5, "the pairs do not depend on frequencies")
    }

    @Test("A model goes there and back, through a rule file, and weighs the same", arguments: [4, 5])
    func roundTrip(version: Int) throws {
        let first = try model(version)
        let back = try SplinkModel(json: try JSONValue(parsing: first.json.serialised().span.bytes))
        #expect(back.others == first.others)
        var columns = back.columns
        columns.frequencies = try frequencies(version)
        let yaml = try ColumnRuleFile.text(
            columns,
            name: "from splink",
            origin: "model.json",
            thresholds: (6, 2),
            blocking: back.blocking,
            notes: back.notes
        )
        let file = try RuleSetFile(yaml: yaml)
        #expect(file.columns?.columns == columns.columns)
        let rules = try RuleSet(decoding: try file.compiled().encoded())
        #expect(try difference(try #require(rules.columns), version) < 0.001)
        let again = SplinkModel(columns: try #require(rules.columns), others: back.others)
        let twice = try SplinkModel(json: again.json).columns.with(frequencies(version))
        #expect(try difference(twice, version) < 0.01)
    }

    @Test("Blocking rules become keys, and what has none is told")
    func blocking() throws {
        let model = try model(4)
        #expect(
            model.blocking.map(\.parts) == [[.familySound], [.birthDate], [.defaultBirthDate], [.givenSound, .city]]
        )
        #expect(model.notes.contains { $0.contains("not trained") })
    }

    @Test("Blocking rules of a rule file are written for the columns that it names")
    func blockingBack() throws {
        let model = try model(5)
        let back = SplinkModel(columns: model.columns, blocking: model.blocking)
        let written = back.json["blocking_rules_to_generate_predictions"]?.array ?? []
        let texts = written.compactMap { $0["blocking_rule"]?.string }
        #expect(
            texts == [
                #"l."surname" = r."surname""#, #"l."dob" = r."dob""#,
                #"(l."first_name" = r."first_name") AND (l."city" = r."city")"#,
            ]
        )
        #expect(try SplinkModel(json: back.json).blocking == model.blocking)
    }

    @Test("Own rules are given as nearly as SQL states them, weight by weight")
    func approximation() throws {
        let rules = try RuleSetFile.standardRules()
        let model = SplinkModel(approximating: rules)
        let back = try SplinkModel(json: try JSONValue(parsing: model.json.serialised().span.bytes))
        #expect(back.columns.comparisons.count == model.columns.comparisons.count)
        #expect(abs(back.columns.prior - -20) < 0.001)
        for (one, other) in zip(model.columns.comparisons, back.columns.comparisons) {
            for (level, read) in zip(one.levels, other.levels) { #expect(abs(level.bits - read.bits) < 0.001) }
        }
    }

    @Test(
        "What cannot be scored is refused by name",
        arguments: [
            (#"soundex("surname_l") = soundex("surname_r")"#, "soundex"), ("surname_l = 'a", "quotation"),
            ("surname = 1", "_l or _r"), (#"levenshtein("surname_l") < 2"#, "arguments"), ("", "missing"),
            ("((((", "missing"), (#""a_l" = ;"#, ";"), (#""thing_l" = "thing_r""#, "--map thing"),
        ]
    )
    func refused(condition: String, word: String) throws {
        let json: JSONValue = [
            "comparisons": [
                [
                    "output_column_name": "surname",
                    "comparison_levels": [
                        ["sql_condition": .string(condition), "m_probability": 0.9, "u_probability": 0.1]
                    ],
                ]
            ]
        ]
        do {
            _ = try SplinkModel(json: json)
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains(word), "\(error)")
            #expect(error.description.contains("surname") || word.contains("thing"))
        }
    }

    @Test("What is no model is refused", arguments: ["{}", "[]", "1", #"{"comparisons":[{}]}"#, #"{"comparisons":3}"#])
    func noModel(text: String) {
        #expect(throws: RuleSetFaults.self) { try SplinkModel(json: try JSONValue(parsing: text)) }
    }
}

extension ColumnModel {
    fileprivate func with(_ frequencies: [String: [String: Double]]) -> ColumnModel {
        var copy = self
        copy.frequencies = frequencies
        return copy
    }
}
