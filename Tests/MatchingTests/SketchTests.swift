import Demographics
import Identifiers
import RuleSets
import Testing

@testable import Matching

/// A sketch's bound is never below the score, and below the floor for those who share little.
@Suite struct SketchTests {
    /// A record whose names are made of few letters, so that every kind of likeness occurs.
    private static func record(_ number: Int, _ random: inout RandomPeople) -> SourceRecord {
        func name(_ limit: Int) -> String {
            let letters = Array("abet")
            return String((0..<(1 + random.below(limit))).map { _ in letters[random.below(letters.count)] })
        }
        var record = SourceRecord(key: RecordKey(source: "s", value: "\(number)"))
        let middle = random.below(3) == 0 ? name(10) : ""
        let given = random.below(8) == 0 ? name(4) + " " + name(4) : name(13)
        record.names.append(PersonName(given: [given], middle: [middle], family: name(13)))
        record.sex = ["F", "M", ""][random.below(3)]
        record.birthDate = ["1985-03-09", "1985-03-09", "1985-09-03", "1979-11-30", ""][random.below(5)]
        if random.below(3) == 0 {
            let value = ["12345678", "12345687", "87654321"][random.below(3)]
            record.identifiers.append(PatientIdentifier(system: "ni", value: value))
        }
        return record
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func boundsNamesThatAreAlikeInEveryWay(seed: UInt64) throws {
        let rules = try RuleSetFile.standardRules()
        var random = RandomPeople(seed: seed)
        let keyed = (0..<120).map { number in
            let record = Self.record(number, &random)
            return rules.key(record.key.id, NormalisedRecord(record))
        }
        for left in keyed {
            let query = try PreparedQuery(left.row, sketch: left.sketch, rules: rules)
            for right in keyed {
                let bound = query.upperBound(right.sketch)
                #expect(bound >= right.row.withUnsafeBytes { query.score($0) })
                for shift in [-4_000, -1, 0, 1, 4_000] as [Int32] {
                    let floor = MatchWeight(millibits: bound.millibits + shift)
                    #expect(query.reaches(floor, right.sketch) == (bound >= floor))
                }
            }
        }
    }

    @Test func holdsPlainNamesWhole() throws {
        var record = SourceRecord(key: RecordKey(source: "s", value: "1"))
        record.names.append(PersonName(given: ["Nakato"], family: "Ssegunakanya"))
        let sketch = Sketch(NormalisedRecord(record))
        let given = try #require(sketch.given)
        let family = try #require(sketch.family)
        #expect(String(decoding: (0..<Int(given.count)).map { given[$0] }, as: UTF8.self) == "nakato")
        #expect(String(decoding: (0..<Int(family.count)).map { family[$0] }, as: UTF8.self) == "ssegunakanya")
        record.names[0].family = "Ssegunakanyamuna"
        #expect(Sketch(NormalisedRecord(record)).given == nil)
        record.names[0].family = "Ssegu nakanya"
        #expect(Sketch(NormalisedRecord(record)).family == nil)
    }

    @Test func bitsOfNoRecordAreBoundedToo() throws {
        let rules = try RuleSetFile.standardRules()
        var random = RandomPeople(seed: 3)
        let keyed = (0..<20).map { _ in
            let record = random.next()
            return rules.key(record.key.id, NormalisedRecord(record))
        }
        for one in keyed {
            let query = try PreparedQuery(one.row, sketch: one.sketch, rules: rules)
            for _ in 0..<200 {
                let words = (0..<3).map { _ in UInt64(random.below(1 << 62)) &* 5 }
                // Whatever a damaged store holds, the answer is some weight.
                #expect(
                    query.upperBound(Sketch(bits: SketchBits(words[0], words[1], words[2]))) < MatchWeight(bits: 200)
                )
            }
        }
    }

    /// Strangers born on one day are most of what blocking brings up; reading their rows would cost the most.
    @Test func rulesOutStrangersBornOnOneDay() throws {
        let rules = try RuleSetFile.standardRules()
        let names = [
            ("Achieng", "Otieno"), ("Brian", "Kamau"), ("Collins", "Mwangi"), ("Dorcas", "Wekesa"),
            ("Esther", "Njoroge"),
            ("Farida", "Hassan"), ("Grace", "Mutiso"), ("Habiba", "Juma"), ("Isaac", "Kiptoo"), ("Joyce", "Barasa"),
        ]
        let keyed = names.enumerated().map { number, name in
            var record = SourceRecord(key: RecordKey(source: "s", value: "\(number)"))
            record.names.append(PersonName(given: [name.0], family: name.1))
            record.sex = number % 2 == 0 ? "F" : "M"
            record.birthDate = "1990-05-17"
            record.contacts.append(ContactPoint(system: .phone, value: "07827331\(number)2"))
            record.addresses.append(PostalAddress(line: "Plot \(number) High Street", city: "Mbale"))
            return rules.key(record.key.id, NormalisedRecord(record))
        }
        var ruledOut = 0
        for left in keyed {
            let query = try PreparedQuery(left.row, sketch: left.sketch, rules: rules)
            for right in keyed where right.id != left.id {
                ruledOut += query.upperBound(right.sketch) < rules.reviewThreshold ? 1 : 0
            }
        }
        #expect(ruledOut >= 80, "of 90 ordered pairs")
    }
}
