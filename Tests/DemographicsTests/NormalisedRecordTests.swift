import Demographics
import Identifiers
import Testing

@Suite struct NormalisedRecordTests {
    private func record(_ change: (inout SourceRecord) -> Void) -> NormalisedRecord {
        var record = SourceRecord(key: RecordKey(source: "clinic", value: "1"))
        change(&record)
        return NormalisedRecord(record)
    }

    @Test func emptyStaysEmpty() {
        let normal = record { _ in }
        #expect(normal.names.isEmpty)
        #expect(normal.birthDate == .unknown)
        #expect(normal.sex == .unknown)
        #expect(normal.facts(unique: { _ in true }) == GuardFacts())
    }

    @Test func namesLoseTitlesSuffixesAndPlaceholders() {
        let normal = record {
            $0.names = [PersonName(given: ["Dr. Mary-Ann"], middle: ["K."], family: "O'Connor Jr")]
        }
        #expect(normal.names.first?.given.map(\.description) == ["mary", "ann"])
        #expect(normal.names.first?.middle.map(\.description) == ["k"])
        #expect(normal.names.first?.family.map(\.description) == ["oconnor"])
        #expect(normal.generation == 2)
        #expect(record { $0.names = [PersonName(given: ["Unknown"], family: "ANONYMOUS")] }.names.isEmpty)
        #expect(record { $0.names = [PersonName(given: ["Baby Girl"], family: "Okello")] }.names.first?.given == [])
    }

    @Test func sameNameTwiceCountsOnce() {
        let name = PersonName(given: ["Mary"], family: "Akol")
        let shout = PersonName(given: ["MARY"], family: "AKOL", use: "official")
        #expect(record { $0.names = [name, shout] }.names.count == 1)
    }

    @Test(arguments: ["999-99-9999", "000000000", "123456789", "987654321", "unknown", "N/A", "12"])
    func placeholderIdentifiersCarryNothing(value: String) {
        let normal = record { $0.identifiers = [PatientIdentifier(system: "ni", value: value)] }
        #expect(normal.identifiers.isEmpty)
    }

    @Test func identifiersLoseTheirSpelling() {
        let normal = record {
            $0.identifiers = [
                PatientIdentifier(system: "ni", value: "cm 7759-2947 wxdb"),
                PatientIdentifier(system: "ni", value: "CM77592947WXDB"),
            ]
        }
        #expect(normal.identifiers.map(\.value.description) == ["cm77592947wxdb"])
    }

    @Test(arguments: [
        ("+256 782 733162", "782733162"),
        ("0782733162", "782733162"),
        ("782 733162", "782733162"),
        ("046-053-9878", "460539878"),
        ("+1-210-555-0197 x7481", "105550197x7481"),
        ("555-0197", "5550197"),
        ("0000000000", ""),
        ("n/a", ""),
    ])
    func phonesKeepTheirSignificantDigits(text: String, phone: String) {
        let normal = record { $0.contacts = [ContactPoint(system: .phone, value: text)] }
        #expect((normal.phones.first?.description ?? "") == phone)
    }

    @Test func emailsAreSplit() {
        let normal = record { $0.contacts = [ContactPoint(system: .email, value: " Betty.M@Outlook.COM ")] }
        #expect(normal.emails.first?.local == "betty.m")
        #expect(normal.emails.first?.domain == "outlook.com")
        #expect(record { $0.contacts = [ContactPoint(system: .email, value: "@x.org")] }.emails.isEmpty)
    }

    @Test func addressesAreUnified() {
        let one = record { $0.addresses = [PostalAddress(line: "Plot 47, Butwatebo Road", city: "Ruiru")] }
        let other = record { $0.addresses = [PostalAddress(line: "47 Butwatebo Rd", city: "RUIRU")] }
        #expect(one.addresses == other.addresses)
        let blank = record { $0.addresses = [PostalAddress(postalCode: "00000")] }
        #expect(blank.addresses.isEmpty)
    }

    @Test func repetitionsAreBounded() {
        let normal = record { record in
            record.names = (0..<100).map { PersonName(given: ["Name\($0)"]) }
            record.contacts = (0..<100).map { ContactPoint(system: .phone, value: "07000\(10_000 + $0)") }
            record.addresses = (0..<100).map { PostalAddress(line: "\($0) Long Street") }
            record.identifiers = (0..<100).map { PatientIdentifier(system: "ni", value: "A\(88_310 + $0)") }
        }
        #expect(normal.names.count == NormalisedRecord.repetitionLimit)
        #expect(normal.phones.count == NormalisedRecord.repetitionLimit)
        #expect(normal.addresses.count == NormalisedRecord.repetitionLimit)
        #expect(normal.identifiers.count == NormalisedRecord.repetitionLimit)
    }

    @Test(arguments: [
        ("F", Sex.female), ("male", .male), ("Mwanamke", .female), ("1", .male), ("", .unknown),
        ("undisclosed", .unknown), ("non_binary", .other),
    ])
    func sexIsReadInManyWords(text: String, sex: Sex) {
        #expect(Sex(text) == sex)
    }

    @Test func factsForgiveTypingErrors() {
        let one = record {
            $0.names = [PersonName(given: ["Katherine"])]
            $0.birthDate = "1985-13-08"
        }
        let other = record { $0.names = [PersonName(given: ["Catherine"])] }
        #expect(one.facts(unique: { _ in true }).givenName == other.facts(unique: { _ in true }).givenName)
        #expect(one.facts(unique: { _ in true }).birthDate == 0)
    }
}
