import TestRandom
import Demographics
import Identifiers

/// Invented people and their noisy copies: few distinct values, so that pairs agree in every possible way.
struct RandomPeople {
    private var generator: SeededGenerator
    private var number = 0

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let given = [
        "Mary", "Maria", "Mary Ann", "John", "Jon", "Katherine", "Catherine", "Kate", "Wasswa", "Kato", "J", "Okello",
        "Mohammed", "Muhamad", "Nyandengala", "Elizabeth", "Betty", "Ko", "", "Ánne-Marie",
    ]
    private static let family = [
        "Okello", "Okelo", "Otieno", "Baez Gallagher", "Gallagher", "Smith", "Smyth", "Mary", "O'Brien", "Ssegunaka",
        "Nageleka", "", "Kinyua", "van der Merwe",
    ]
    private static let dates = [
        "1985-03-09", "1985-09-03", "1985-03-19", "1985-01-01", "1985", "1985-03", "1975-03-09", "1986-03-09",
        "1958-03-09", "2001-12-31", "1985-13-08", "", "09/03/1985", "1985-08-13",
    ]
    private static let lines = [
        "Plot 47 Butwatebo Road", "47 Butwatebo Rd", "Plot 74 Butwatebo Road", "Kambare Zone", "12 High Street Apt 4",
        "12 High St", "PO Box 7", "",
    ]
    private static let phones = ["0782733162", "+256782733162", "0782733612", "0701003877", "555-0197 x12", ""]
    private static let emails = ["betty.m@outlook.com", "betty.m@gmail.com", "bety.m@outlook.com", "x@y.org", ""]
    private static let identifiers = [
        "CM77592947WXDB", "CM77592947WXDD", "CF22320456SIHH", "12345678901", "A1B2C3", "",
    ]
    private static let mothers = ["Mary Osese", "Osese Mary", "Mary", "Janet Lesuya", ""]
    private static let cities = ["Kampala", "Kampla", "Mbale", ""]

    private mutating func pick(_ values: [String]) -> String {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    /// A record of nobody in particular.
    mutating func next() -> SourceRecord {
        number += 1
        var record = SourceRecord(key: RecordKey(source: ["s", "t", ""][number % 3], value: "\(number)"))
        for _ in 0..<(Int.random(in: 0..<10, using: &generator) == 0 ? 2 : 1) {
            record.names.append(
                PersonName(given: [pick(Self.given)], middle: [pick(["", "", "K", "Kate"])], family: pick(Self.family))
            )
        }
        record.sex = pick(["F", "M", "", "other"])
        record.birthDate = pick(Self.dates)
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            record.identifiers.append(PatientIdentifier(system: pick(["ni", "nhif"]), value: pick(Self.identifiers)))
            record.contacts.append(ContactPoint(system: .phone, value: pick(Self.phones)))
            record.contacts.append(ContactPoint(system: .email, value: pick(Self.emails)))
            record.addresses.append(
                PostalAddress(
                    line: pick(Self.lines),
                    city: pick(Self.cities),
                    district: pick(["Central", ""]),
                    postalCode: pick(["28140", "28410", "00000", ""])
                )
            )
        }
        record.motherName = pick(Self.mothers)
        return record
    }

    /// A random word of lower-case letters, now and then with bytes beyond ASCII.
    mutating func word(upTo length: Int) -> [UInt8] {
        let count = Int.random(in: 0...length, using: &generator)
        return (0..<count).map { _ in
            Int.random(in: 0..<20, using: &generator) == 0
                ? UInt8.random(in: 128...255, using: &generator) : UInt8.random(in: 97...101, using: &generator)
        }
    }

    /// A random number below a limit.
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }
}
