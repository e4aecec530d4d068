import Demographics
import Foundation
import Identifiers
import JSON
import Matching
import RuleSets
import Testing

/// Decision rules of OpenCR: the decisions that it would give.
@Suite("OpenCR rules")
struct OpenCRTests {
    private typealias Decision = ColumnScorer.Decision

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/opencr")

    private func file(_ name: String) throws -> OpenCRRules {
        let text = try String(contentsOf: Self.folder.appending(path: "\(name).json"), encoding: .utf8)
        return try OpenCRRules(json: try JSONValue(parsing: text))
    }

    private func rule(_ fields: String, _ rest: String = "", kind: String = "deterministic") throws -> OpenCRRules {
        let text = """
            {"rules":[{"matchingType":"\(kind)","fields":{\(fields)},"potentialMatchThreshold":2,
            "autoMatchThreshold":3\(rest)}]}
            """
        return try OpenCRRules(json: try JSONValue(parsing: text))
    }

    private func outcome(
        _ rules: OpenCRRules,
        _ left: [String: String],
        _ right: [String: String]
    ) throws -> ColumnScorer.Outcome {
        let scorer = try ColumnScorer(rules.columns)
        let first = scorer.columns.map { left[$0] }
        let second = scorer.columns.map { right[$0] }
        let there = scorer.outcome(first, second)
        #expect(scorer.outcome(second, first) == there)
        return there
    }

    private let amina = [
        "given_name": "Amina", "family_name": "Okello", "sex": "female", "birth_date": "1991-04-07",
        "phone": "0700111222",
    ]

    private func changed(_ changes: [String: String?]) -> [String: String] {
        var copy = amina
        for (key, value) in changes { copy[key] = value }
        return copy
    }

    @Test("A deterministic rule adds the weights of the fields that agree")
    func deterministic() throws {
        let rules = try file("deterministic")
        let close = changed(["given_name": "Aminah", "family_name": "Okelo"])
        let found = try outcome(rules, amina, close)
        #expect(found.sum == 4 && found.decision == .automatic)
        let undated = try outcome(rules, amina, changed(["given_name": "Aminah", "birth_date": nil]))
        #expect(undated.sum == 2 && undated.decision == Decision.none)
        let other = ["given_name": "Zuberi", "family_name": "Mwangi", "sex": "female", "birth_date": "1950-01-01"]
        let nid = "identifier urn:example:nid"
        let known = try outcome(rules, changed([nid: "CM9"]), other.merging([nid: "CM9"]) { $1 })
        #expect(known.sum == 4 && known.decision == .automatic)
        #expect(try outcome(rules, amina, changed(["sex": "male"])).decision == Decision.none)
        #expect(rules.blocking.contains(BlockingRule([.identifier])))
    }

    @Test("A probabilistic rule adds logarithms to base 10 onto 100")
    func probabilistic() throws {
        let rules = try file("probabilistic")
        let far = ["phone": "0799999999"] as [String: String?]
        let cases: [([String: String?], Double, Decision)] = [
            ([:], 111.480_9, .automatic), (far, 108.016_4, .automatic), (["birth_date": nil], 107.975_8, .potential),
            (["birth_date": "1950-12-31", "phone": "0799999999"], 103.113_5, .none),
        ]
        for (changes, score, decision) in cases {
            let found = try outcome(rules, amina, changed(changes))
            #expect(abs(found.sum - score) < 1e-3, "\(found.sum) for \(changes)")
            #expect(found.decision == decision)
        }
    }

    @Test("Thresholds are reached by equality, and short names pass an absolute distance")
    func edges() throws {
        let three = """
            "a":{"algorithm":"jaro-winkler-similarity","threshold":0.8,"fhirpath":"name.given","null_handling":"moderate"},
            "b":{"algorithm":"damerau-levenshtein","threshold":3,"fhirpath":"name.family","null_handling":"moderate"},
            "c":{"algorithm":"exact","fhirpath":"telecom.where(system='phone').value","null_handling":"moderate"}
            """
        let rules = try rule(three, #","filters":{"sex":{"fhirpath":"gender"}}"#)
        let similar = changed(["given_name": "Aminah", "family_name": "Okelo"])
        #expect(try outcome(rules, amina, similar).decision == .automatic)
        #expect(try outcome(rules, amina, similar.merging(["phone": "0700999888"]) { $1 }).decision == .potential)
        let short = changed(["family_name": "Ali", "phone": nil])
        #expect(try outcome(rules, short, short.merging(["family_name": "Oba"]) { $1 }).sum == 2)
    }

    @Test(
        "Missing values count as the rule says",
        arguments: [
            ("", 1.0, 0.0), (#","null_handling":"moderate""#, 0, 0), (#","null_handling":"greedy""#, 1, 1),
            (#","null_handling":"conservative""#, 0, 0),
            (#","null_handling":"greedy","null_handling_both":"conservative""#, 0, 1),
            (#","nullHandling":"greedy""#, 1, 1),
        ]
    )
    func nulls(words: String, both: Double, one: Double) throws {
        let rules = try rule(#""x":{"algorithm":"exact","fhirpath":"birthDate"\#(words)}"#)
        #expect(try outcome(rules, [:], [:]).sum == both)
        #expect(try outcome(rules, ["birth_date": "1980-01-02"], [:]).sum == one)
    }

    @Test(
        "Every algorithm agrees on equal values and differs on unlike ones",
        arguments: [
            "exact", "levenshtein", "damerau-levenshtein", "optimal-string-alignment", "longest-common-subsequence",
            "metric-lcs", "ngram", "qgram", "cosine-similarity", "cosine-distance", "dice-similarity", "dice-distance",
            "jaccard-similarity", "jaccard-distance", "jaro-winkler-similarity", "jaro-winkler-distance",
            "normalized-lcs-similarity", "normalized-lcs-distance", "normalized-levenshtein-similarity",
            "normalized-levenshtein-distance", "phonetic",
        ]
    )
    func algorithms(name: String) throws {
        let threshold = name.hasSuffix("similarity") ? 0.8 : 0.3
        let field = #""x":{"algorithm":"\#(name)","threshold":\#(threshold),"fhirpath":"name.family"}"#
        let other = #","y":{"algorithm":"exact","fhirpath":"gender"}"#
        let rules = try rule(field + other)
        let same = try outcome(rules, ["family_name": " OKELLO", "sex": "f"], ["family_name": "okello", "sex": "f"])
        let unlike = try outcome(rules, ["family_name": "Okello", "sex": "f"], ["family_name": "Mwiri", "sex": "f"])
        #expect(same.sum == (name == "phonetic" ? 1 : 2))
        #expect(unlike.sum == (name == "phonetic" ? -.infinity : 1))
    }

    @Test("The best of several rules counts")
    func several() throws {
        let text = """
            {"rules":[
            {"matchingType":"deterministic","potentialMatchThreshold":1,"autoMatchThreshold":2,
             "fields":{"f":{"algorithm":"exact","fhirpath":"name.family"}}},
            {"matchingType":"deterministic","potentialMatchThreshold":1,"autoMatchThreshold":1,
             "fields":{"g":{"algorithm":"exact","fhirpath":"identifier.where(system='urn:n').value","null_handling":"moderate"}}}]}
            """
        let rules = try OpenCRRules(json: try JSONValue(parsing: text))
        let left = ["family_name": "Okello", "identifier urn:n": "7"]
        #expect(try outcome(rules, left, ["family_name": "Okello"]).decision == .potential)
        let known = try outcome(rules, left, ["family_name": "Other", "identifier urn:n": "7"])
        #expect(known.decision == .automatic && known.rule == "rule 2, deterministic")
    }

    @Test("A rule file of them decides records as they are stored")
    func records() throws {
        let rules = try file("deterministic")
        let yaml = try ColumnRuleFile.text(
            rules.columns,
            name: "opencr",
            origin: "decisionRules.json",
            thresholds: (10, 5),
            blocking: rules.blocking,
            notes: rules.notes
        )
        let compiled = try RuleSetFile(yaml: yaml).compiled()
        func record(_ id: String, _ given: String, _ family: String, _ born: String, nid: String = "") -> SourceRecord {
            var record = SourceRecord(key: RecordKey(source: "s", value: id))
            record.names = [PersonName(given: [given], family: family)]
            record.sex = "female"
            record.birthDate = born
            if !nid.isEmpty { record.identifiers = [PatientIdentifier(system: "urn:example:nid", value: nid)] }
            return record
        }
        let asked = record("1", "Amina", "Okello", "1991-04-07", nid: "CM918273")
        let others = [
            (record("2", "Aminah", "Okelo", "1991-04-07"), Explanation.Outcome.match),
            (record("3", "Amina", "Mwangi", "1991-04-07"), .review),
            (record("4", "Zuberi", "Mwangi", "1950-12-03", nid: "CM918273"), .match),
            (record("5", "Zuberi", "Mwangi", "1950-12-03"), .no),
        ]
        let first = compiled.key(asked.key.id, NormalisedRecord(asked))
        for (other, expected) in others {
            let second = compiled.key(other.key.id, NormalisedRecord(other))
            let why = try Explanation(first.row, second.row, rules: compiled)
            #expect(why.outcome == expected, "\(other.key.value): \(why)")
            let query = try PreparedQuery(second.row, sketch: second.sketch, rules: compiled)
            #expect(first.row.withUnsafeBytes { query.score($0) } == why.total)
            #expect(query.upperBound(first.sketch) >= why.total)
            let shared = compiled.sharedRules(first.keys, second.keys)
            if expected != .no { #expect(!shared.isEmpty, "\(other.key.value)") }
        }
    }

    @Test(
        "What is not understood is refused by rule and field",
        arguments: [
            (#""x":{"algorithm":"soundex","fhirpath":"name.family"}"#, "rules[0].fields.x.algorithm: `soundex`"),
            (#""x":{"algorithm":"exact","fhirpath":"photo"}"#, "rules[0].fields.x.fhirpath: `photo`"),
            (#""x":{"algorithm":"exact"}"#, "rules[0].fields.x.fhirpath: is missing"),
            (#""x":{"fhirpath":"gender"}"#, "rules[0].fields.x.algorithm: is missing"),
            (#""x":{"algorithm":"levenshtein","fhirpath":"gender"}"#, "rules[0].fields.x.threshold"),
            (#""x":{"algorithm":"exact","fhirpath":"gender","colour":1}"#, "rules[0].fields.x.colour"),
            (
                #""x":{"algorithm":"exact","fhirpath":"gender","null_handling":"lax"}"#,
                "rules[0].fields.x.null_handling: `lax`"
            ),
            (#""x":7"#, "rules[0].fields.x: expected an object"), ("", "rules[0].fields: a rule needs"),
        ]
    )
    func refused(field: String, words: String) {
        #expect { try rule(field) } throws: { "\($0)".contains(words) }
    }

    @Test(
        "A file that is none is refused",
        arguments: [
            "{}", "[]", #"{"rules":{"given":{"path":"x"}}}"#, #"{"rules":[]}"#, #"{"rules":[1]}"#,
            #"{"rules":[{"matchingType":"magic"}]}"#,
        ]
    )
    func noFile(text: String) {
        #expect(throws: RuleSetFaults.self) { try OpenCRRules(json: try JSONValue(parsing: text)) }
    }

    @Test("Traps of the format are told")
    func notes() throws {
        let low = try rule(
            #""x":{"algorithm":"exact","threshold":1,"mValue":0.9,"uValue":0.1,"fhirpath":"gender"}"#,
            kind: "probabilistic"
        )
        #expect(low.notes.contains { $0.contains("below 100") })
        #expect(low.notes.contains { $0.contains("threshold of `exact`") })
        #expect(low.notes.contains { $0.contains("two missing values agree") })
    }
}
