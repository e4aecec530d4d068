import TestRandom
import Demographics
import FHIR
import Identifiers
import PatientMapping
import Testing

/// A record that becomes a Patient and comes back is the same record, however noisy.
@Suite struct RoundTripTests {
    @Test(arguments: 0..<500) func `a record survives the way through FHIR`(seed: UInt64) throws {
        var random = RandomRecords(seed: seed)
        let mapping = PatientMapping()
        let record = random.record()
        let bytes = mapping.encoded(record)
        #expect(try mapping.record(decoding: bytes.span.bytes) == record)
        #expect(mapping.encoded(try mapping.record(decoding: bytes.span.bytes)) == bytes)
    }

    @Test func `the bytes of a record are always the same`() {
        var record = SourceRecord(key: RecordKey(source: "clinic", value: "s00000001"))
        record.names = [PersonName(given: ["Betty"], middle: ["Florence"], family: "Montande")]
        record.sex = "female"
        record.birthDate = "1985-13-02"
        record.motherName = "Kizi Moagi"
        record.contacts = [ContactPoint(system: .phone, value: "0734069161")]
        record.identifiers = [PatientIdentifier(system: "urn:tessera:national-id", value: "CM9", type: "NI")]
        record.addresses = [
            PostalAddress(line: "Plot 237", city: "Durban", district: "KwaZulu-Natal", postalCode: "32348")
        ]
        let expected =
            #"{"resourceType":"Patient","extension":["#
            + #"{"url":"http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName","valueString":"Kizi Moagi"},"#
            + #"{"url":"urn:tessera:raw-birth-date","valueString":"1985-13-02"}],"#
            + #""identifier":[{"system":"clinic","value":"s00000001"},"#
            + #"{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"NI"}]},"#
            + #""system":"urn:tessera:national-id","value":"CM9"}],"active":true,"#
            + #""name":[{"family":"Montande","given":["Betty","Florence"],"_given":[null,{"extension":[{"url":"#
            + #""http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier","valueCode":"MID"}]}]}],"#
            + #""telecom":[{"system":"phone","value":"0734069161"}],"gender":"female","#
            + #""address":[{"line":["Plot 237"],"city":"Durban","district":"KwaZulu-Natal","postalCode":"32348"}]}"#
        #expect(String(decoding: PatientMapping().encoded(record), as: UTF8.self) == expected)
    }
}

/// Records with every field present or absent, clean or noisy.
private struct RandomRecords {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func record() -> SourceRecord {
        var record = SourceRecord(
            key: RecordKey(source: pick(["clinic", "http://h/emr", "é"]), value: pick(["1", "a/b|c"]))
        )
        record.active = Bool.random(using: &random)
        record.names = some(2) { $0.name() }.filter { $0 != PersonName(use: $0.use) }
        record.sex = pick(["", "male", "female", "unknown", "F", "M", "Femme", "undisclosed", "non_binary", "2"])
        record.birthDate = pick(["", "1990", "1990-02", "1990-02-28", "1985-13-02", "6/3/36", "1990-0l-05", "19900101"])
        record.deathDate = pick(["", "", "2020-02-29", "2020-01-01T10:00:00Z", "last year"])
        record.multipleBirth = pick([nil, nil, .known(true), .known(false), .order(2)])
        if Bool.random(using: &random) {
            record.identifiers.append(PatientIdentifier(system: "urn:tessera:national-id", value: "CM 9-0", type: "NI"))
        }
        record.identifiers += some(2) { random in
            PatientIdentifier(
                system: random.pick(["urn:a", "urn:b"]),
                value: random.pick(["1", "x y"]),
                type: random.pick(["", "MR"])
            )
        }
        record.contacts = some(3) { random in
            ContactPoint(system: random.pick([.phone, .email, .other]), value: random.pick(["077", "a@b.c", "p7481"]))
        }
        record.addresses = some(2) { $0.address() }.filter { $0 != PostalAddress() }
        record.motherName = pick(["", "Mary Achieng", "Ñandú \"M\" \\ \t"])
        return record
    }

    private mutating func name() -> PersonName {
        PersonName(
            given: some(2) { $0.pick(["John", "Mary Ann", "J.", "Åsa", "日本"]) },
            middle: some(2) { $0.pick(["Q", "de la"]) },
            family: pick(["", "Okello", "van der Berg", "O'Neil"]),
            use: pick(["", "", "usual", "official"])
        )
    }

    private mutating func address() -> PostalAddress {
        PostalAddress(
            line: pick(["", "Plot 1, Heto Avenue"]),
            city: pick(["", "Kampala"]),
            district: pick(["", "NH"]),
            postalCode: pick(["", "00000"]),
            country: pick(["", "UG"])
        )
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    private mutating func some<Element>(_ most: Int, _ make: (inout RandomRecords) -> Element) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<Int.random(in: 0...most, using: &random) { elements.append(make(&self)) }
        return elements
    }
}
