import TestRandom
import Testing

@testable import Matching

/// Distances and similarities as other systems define them: known values, and what holds for any two texts.
@Suite("Text measures")
struct TextMeasureTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(
        "Edit distances of known pairs",
        arguments: [
            ("kitten", "sitting", 3, 3, 3), ("ca", "abc", 3, 3, 2), ("", "abc", 3, 3, 3), ("amina", "amian", 2, 1, 1),
            ("", "", 0, 0, 0), ("okello", "okelo", 1, 1, 1), ("ab", "ba", 2, 1, 1),
        ]
    )
    func edits(left: String, right: String, plain: Int, restricted: Int, full: Int) {
        #expect(TextMeasures.levenshtein(bytes(left), bytes(right)) == plain)
        #expect(TextMeasures.restrictedDamerau(bytes(left), bytes(right)) == restricted)
        #expect(TextMeasures.damerau(bytes(left), bytes(right)) == full)
    }

    @Test("Similarities of known pairs")
    func similarities() {
        func near(_ value: Double, _ known: Double) -> Bool { abs(value - known) < 0.000_1 }
        #expect(near(TextMeasures.jaro(bytes("martha"), bytes("marhta")), 0.944_4))
        #expect(near(TextMeasures.jaroWinkler(bytes("martha"), bytes("marhta")), 0.961_1))
        #expect(near(TextMeasures.jaroWinkler(bytes("dwayne"), bytes("duane")), 0.84))
        #expect(near(TextMeasures.jaroWinkler(bytes("dixon"), bytes("dicksonx")), 0.813_3))
        #expect(near(TextMeasures.normalizedLevenshtein(bytes("kitten"), bytes("sitting")), 1 - 3.0 / 7))
        #expect(near(TextMeasures.commonShare(bytes("abcde"), bytes("ace")), 0.6))
        #expect(TextMeasures.commonSubsequence(bytes("agcat"), bytes("gac")) == 2)
        #expect(near(TextMeasures.shingles(bytes("abcd"), bytes("abce")).jaccard, 1.0 / 3))
        #expect(TextMeasures.jaro([], []) == 1 && TextMeasures.jaro([], [1]) == 0)
    }

    @Test("Measures are symmetric, bounded, and exact on equal texts", arguments: 1...4 as ClosedRange<UInt64>)
    func properties(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let left = (0..<Int.random(in: 0...9, using: &random)).map { _ in UInt8.random(in: 97...100, using: &random)
            }
            let right = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                UInt8.random(in: 97...100, using: &random)
            }
            let plain = TextMeasures.levenshtein(left, right)
            #expect(TextMeasures.damerau(left, right) <= TextMeasures.restrictedDamerau(left, right))
            #expect(TextMeasures.restrictedDamerau(left, right) <= plain)
            #expect(plain == TextMeasures.levenshtein(right, left))
            #expect(TextMeasures.damerau(left, right) == TextMeasures.damerau(right, left))
            for measure in [TextMeasures.jaroWinkler, TextMeasures.longJaroWinkler, TextMeasures.normalizedLevenshtein]
            {
                #expect((0...1).contains(measure(left, right)))
                #expect(measure(left, left) == 1)
            }
            #expect((0...1).contains(TextMeasures.ngramDistance(left, right)))
            #expect(TextMeasures.ngramDistance(left, left) == 0)
            #expect(TextMeasures.qgramDistance(left, right) == TextMeasures.qgramDistance(right, left))
        }
    }

    @Test("Dates as seconds and by their parts")
    func dates() {
        #expect(DateText.seconds("1970-01-02", format: "%Y-%m-%d") == 86_400)
        #expect(DateText.seconds("2000-03-01", format: "%Y-%m-%d") == 951_868_800)
        #expect(DateText.seconds("29/02/1900", format: "%d/%m/%Y") == nil)
        #expect(DateText.seconds("1900-02-29x", format: "%Y-%m-%d") == nil)
        #expect(DateText.agreement("1980-02-29", "1980-02-29") == 1)
        #expect(DateText.agreement("1980-02-03", "1980-03-02") == 0.9)
        #expect(DateText.agreement("1980-02-12", "1980-02-21") == (9 + 3 * 0.6) / 12)
        #expect(DateText.agreement("1980-02", "1980-02-21") == nil)
    }

    @Test(
        "Sounds of English words",
        arguments: [
            ("Thelma", "0LM"), ("Knight", "NT"), ("Philip", "FLP"), ("Wright", "RT"), ("Schmidt", "SKMT"), ("", ""),
        ]
    )
    func metaphone(word: String, code: String) { #expect(Metaphone.code(word) == code) }

    @Test("Logarithms are right", arguments: [1e-12, 0.3, 0.999, 1, 1.000_1, 2, 1_000, 1e12])
    func logarithms(value: Double) {
        // Halving and doubling are exact: the log of a square is twice the log.
        #expect(abs(Bits.log2(value * value) - 2 * Bits.log2(value)) < 1e-9)
        #expect(abs(Bits.log2(value * 2) - Bits.log2(value) - 1) < 1e-12)
    }

    @Test(
        "Conditions with missing values follow SQL",
        arguments: [
            ("a_l = a_r", true), ("b_l = a_l", false), ("NOT b_l = a_l", false), ("b_l IS NULL", true),
            ("b_l IS NOT NULL", false), ("b_l = 'x' OR a_l = a_r", true), ("b_l = 'x' AND a_l = a_r", false),
            ("ELSE", true), ("length(a_l) * 2 - 1 >= 9", true), ("substr(a_l, 2, 3) = 'min'", true),
            ("coalesce(b_l, a_l) = 'amina'", true), ("l.a = r.a", true),
            ("abs(1 - 3) = 2 AND (2 < 1 OR a_l <> 'b')", true),
            ("upper(a_l) || '!' = 'AMINA!'", true), ("nullif(a_l, a_r) IS NULL", true), ("1 / 0 IS NULL", true),
        ]
    )
    func conditions(text: String, holds: Bool) throws {
        var parser = ColumnExpressionParser(columns: ["a", "b"])
        let expression = try parser.parse(text)
        #expect(expression.holds(["amina", nil], ["amina", "x"]) == holds)
    }

    @Test("Text that is no condition never traps", arguments: 1...3 as ClosedRange<UInt64>)
    func garbage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "(", ")", "a_l", "'x'", "=", "<=", "NOT", "AND", "OR", "IS", "NULL", "1", "-", ",", "levenshtein", ".",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            var parser = ColumnExpressionParser()
            if let expression = try? parser.parse(text.joined(separator: " ")) { _ = expression.holds(["a"], [nil]) }
        }
        var parser = ColumnExpressionParser()
        #expect(throws: ColumnFault.self) { try parser.parse(String(repeating: "(", count: 4_000)) }
        #expect(throws: ColumnFault.self) { try parser.parse(String(repeating: "NOT ", count: 1_900) + "ELSE") }
    }
}
