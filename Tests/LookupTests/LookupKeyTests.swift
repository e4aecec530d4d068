import Demographics
import Identifiers
import Lookup
import Testing

@Suite("Keys for looking up records")
struct LookupKeyTests {
    private static var record: SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "urn:clinic", value: "A-1"))
        record.names = [PersonName(given: ["José", "Luis"], family: "Müller-Lüdenscheidt")]
        record.birthDate = "1984-01-25"
        record.identifiers = [PatientIdentifier(system: "urn:nid", value: "N/77", type: "NI")]
        record.contacts = [
            ContactPoint(system: .phone, value: "+49 (30) 123 456 78"), ContactPoint(system: .email, value: "J@X.org"),
        ]
        return record
    }

    @Test("whatever a client may ask for exactly has a key among the record's")
    func found() {
        let keys = LookupKey.keys(of: Self.record)
        #expect(keys.contains(LookupKey.identifier("A-1")))
        #expect(keys.contains(LookupKey.identifier("N/77")))
        #expect(LookupKey.birthDate("1984-01-25").map(keys.contains) == true)
        #expect(LookupKey.contact("030 12345678").map(keys.contains) == true)
        #expect(LookupKey.contact("j@x.ORG").map(keys.contains) == true)
        #expect(LookupKey.given("jos", isWhole: false).map(keys.contains) == true)
        #expect(LookupKey.given("LUISA", isWhole: false).map(keys.contains) == true)
        for (family, given) in [("mul", "J"), ("MÜLLER", "luis"), ("Mull", nil)] {
            let names = LookupKey.names(family: family, given: given, isWhole: false) ?? []
            #expect(!Set(names).isDisjoint(with: keys), "\(family) \(given ?? "-")")
        }
    }

    @Test("what is too short for a key has none, unless it is the whole name")
    func short() {
        #expect(LookupKey.names(family: "Li", given: nil, isWhole: false) == nil)
        #expect(LookupKey.names(family: "Li", given: nil, isWhole: true)?.count == LookupKey.initials)
        #expect(LookupKey.birthDate("") == nil)
        #expect(LookupKey.contact("") == nil)
    }

    @Test("keys are distinct and bounded")
    func bounded() {
        var record = Self.record
        record.names = (0..<50).map { PersonName(given: ["A\($0)", "B\($0)", "C\($0)"], family: "F\($0)") }
        record.identifiers = (0..<50).map { PatientIdentifier(system: "urn:x", value: "\($0)") }
        let keys = LookupKey.keys(of: record)
        #expect(keys.count <= LookupKey.limit)
        #expect(Set(keys).count == keys.count)
    }

    @Test("keys are frozen: stores hold them")
    func golden() {
        #expect(LookupKey.identifier("A-1") == 6_774_513_601_841_670_155)
        #expect(LookupKey.birthDate("1984-01-25") == 8_345_826_194_436_072_727)
    }
}
