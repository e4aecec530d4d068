import Demographics
import Identifiers
import Testing

@Suite struct IdentifierKindTests {
    @Test(arguments: [
        ("NI", "urn:x", IdentifierKind.national), ("NNKEN", "", .national), ("PPN", "", .passport),
        ("mr", "urn:nin", .facility), ("DL", "", .document), ("NH", "", .insurance),
        ("", "https://hospital.example/mrn", .facility), ("", "urn:ke:nin", .national),
        ("", "http://hl7.org/fhir/sid/us-ssn", .national), ("U", "urn:oid:2.16.840.1.113883.4.1", .national),
        ("", "http://hl7.org/fhir/sid/passport-KEN", .passport), ("", "https://x.example/feminine", .unspecified),
        ("NNA", "", .unspecified), ("", "", .unspecified),
    ])
    func kinds(type: String, system: String, kind: IdentifierKind) {
        #expect(IdentifierKind(type: type, system: system) == kind)
    }

    @Test func onlyUniqueKindsAreFacts() {
        var record = SourceRecord(key: .init(source: "clinic", value: "1"))
        record.identifiers = [
            PatientIdentifier(system: "urn:a", value: "CM9001", type: "NI"),
            PatientIdentifier(system: "urn:b", value: "77120", type: "MR"),
        ]
        let normal = NormalisedRecord(record)
        #expect(normal.facts(unique: { $0 == .national }).identifiers.count == 1)
        #expect(normal.facts(unique: { $0 == .facility }).identifiers.count == 1)
        #expect(normal.facts(unique: { _ in false }).identifiers.isEmpty)
    }
}
