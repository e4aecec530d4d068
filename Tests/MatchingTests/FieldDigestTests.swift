import Demographics
import Identifiers
import RuleSets
import Testing

@testable import Matching

/// What a digest proves is so: no pair that it rules out reaches the floor.
@Suite struct FieldDigestTests {
    private static func digest(_ row: [UInt8]) throws -> FieldDigest {
        try #require(row.withUnsafeBytes { FieldDigest($0) })
    }

    /// A value made of few letters, so that every kind of likeness occurs.
    private static func text(_ letters: String, _ limit: Int, _ random: inout RandomPeople) -> String {
        let letters = Array(letters)
        return String((0..<(1 + random.below(limit))).map { _ in letters[random.below(letters.count)] })
    }

    private static func record(_ number: Int, _ random: inout RandomPeople) -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "s", value: "\(number)"))
        record.names.append(PersonName(given: ["Amina"], middle: [text("abk", 3, &random)], family: "Okello"))
        record.birthDate = ["1985-03-09", "1979-11-30"][random.below(2)]
        for _ in 0..<[1, 1, 1, 0, 2][random.below(5)] {
            let phone = "07" + text("12", 6, &random) + (random.below(6) == 0 ? "x1" : "")
            record.contacts.append(ContactPoint(system: .phone, value: phone))
            let system = ["ni", "nhif"][random.below(5) / 4]
            let value = "CM7" + text("12A", 9, &random)
            record.identifiers.append(PatientIdentifier(system: system, value: value, type: "NI"))
            let line = ["Plot 4", "7", "Plot 4 12", "", ""][random.below(5)] + " " + text("abe", 9, &random)
            record.addresses.append(
                PostalAddress(
                    line: random.below(3) == 0 ? line + " " + text("rst", 4, &random) : line,
                    city: random.below(3) == 0 ? "" : text("ab", 4, &random),
                    district: ["", "x", "y"][random.below(3)],
                    postalCode: random.below(2) == 0 ? "" : text("12", 4, &random)
                )
            )
        }
        let mothers = [text("abet", 9, &random), "bin " + text("abet", 5, &random), ""]
        record.motherName = mothers[random.below(3)] + " " + text("abet", 7, &random)
        return record
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func boundsFieldsThatAreAlikeInEveryWay(seed: UInt64) throws {
        let rules = try RuleSetFile.standardRules()
        var random = RandomPeople(seed: seed)
        let keyed = (0..<90).map { number in
            // Half the people of the other tests, whose fields come and go.
            let record = number % 2 == 0 ? Self.record(number, &random) : random.next()
            return rules.key(record.key.id, NormalisedRecord(record))
        }
        let digests = try keyed.map { try Self.digest($0.row) }
        var ruledOut = 0
        for (left, digest) in zip(keyed, digests) {
            let row = UnsafeMutableRawBufferPointer.allocate(byteCount: left.row.count, alignment: 8)
            defer { row.deallocate() }
            row.copyBytes(from: left.row)
            let query = try PreparedQuery(
                UnsafeRawBufferPointer(row),
                sketch: left.sketch,
                digest: digest,
                rules: rules
            )
            for (right, other) in zip(keyed, digests) {
                let weight = right.row.withUnsafeBytes { query.score($0) }
                let isReached = query.reaches(weight, right.sketch, other)
                let isReachedBlindly = query.reaches(weight, right.sketch, .unknown)
                #expect(isReached && isReachedBlindly)
                let floor = weight + MatchWeight(millibits: 1)
                ruledOut += query.reaches(floor, right.sketch, other) ? 0 : 1
            }
        }
        #expect(ruledOut > 100, "a bound that rules out nothing proves nothing")
    }

    /// The twin: the edit distance itself, of numbers that a digest holds.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func phonesArePartedAsEditDistanceSays(seed: UInt64) throws {
        var random = RandomPeople(seed: seed)
        func phone() -> [UInt8] { Self.text("123", 11, &random).utf8.map { $0 } }
        func packed(_ digits: [UInt8]) -> UInt64 {
            digits.enumerated().reduce(0) { $0 | UInt64($1.element - 0x2F) << UInt64(5 * $1.offset) }
        }
        for _ in 0..<2_000 {
            let (left, right) = (phone(), phone())
            var table = [UInt32](repeating: 0, count: PatternTable.length)
            PatternTable.fill(&table, left, left.count)
            let edits = OSADistance.distance(
                table: table,
                patternCount: left.count,
                text: right,
                textCount: right.count
            )
            let found = PackedDistance.phones(packed(left), packed(right))
            #expect(found.edits == min(edits, 2))
            #expect(found.isPrefix == (left.starts(with: right) || right.starts(with: left)))
        }
    }
}
