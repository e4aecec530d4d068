internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// A person as one Patient: the golden identifier, every identifier of the records, and links to the records.
///
/// Who the person is (name, sex, birth date, address, …) is told in the words of the record that was written last.
enum PersonAnswer {
    /// What of the latest record tells who the person is; the rest stays with the record.
    private static let told: Set = [
        "name", "telecom", "gender", "birthDate", "deceasedBoolean", "deceasedDateTime", "address", "maritalStatus",
        "multipleBirthBoolean", "multipleBirthInteger", "communication", "extension", "_birthDate", "_gender",
    ]

    /// The Patient of a golden identifier: of the person, or of the fact that another one took its place.
    static func bytes(
        _ person: PersonView,
        asked: GoldenID,
        _ configuration: GatewayConfiguration
    ) throws(DoorFault) -> [UInt8] {
        asked == person.golden ? try survivor(person, configuration) : retired(asked, by: person, configuration)
    }

    private static func survivor(
        _ person: PersonView,
        _ configuration: GatewayConfiguration
    ) throws(DoorFault) -> [UInt8] {
        var writer = JSONWriter(capacity: 2_048)
        writer.beginObject()
        writer.member("resourceType", "Patient")
        writer.member("id", person.golden.description)
        try writeIdentifiers(person, configuration, to: &writer)
        writer.member("active", flag: !person.members.isEmpty)
        if let latest = person.members.max(by: { ($0.updated, $0.id) < ($1.updated, $1.id) }) {
            try copy(latest, to: &writer)
        }
        writer.key("link")
        writer.beginArray()
        for member in person.members {
            PatientLink(other: Reference(reference: "Patient/\(member.id)"), kind: .seealso).write(to: &writer)
        }
        for retired in person.retired {
            PatientLink(other: reference(to: retired, configuration), kind: .replaces).write(to: &writer)
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func retired(
        _ golden: GoldenID,
        by person: PersonView,
        _ configuration: GatewayConfiguration
    ) -> [UInt8] {
        var patient = Patient()
        patient.id = golden.description
        patient.identifiers = [Identifier(system: configuration.goldenSystem, value: golden.description, use: .old)]
        patient.active = false
        patient.links = [PatientLink(other: reference(to: person.golden, configuration), kind: .replacedBy)]
        return patient.encoded()
    }

    private static func reference(to golden: GoldenID, _ configuration: GatewayConfiguration) -> Reference {
        Reference(
            reference: "Patient/\(golden)",
            identifierSystem: configuration.goldenSystem,
            identifierValue: golden.description
        )
    }

    /// The golden identifier, then those of the records in order, each once.
    private static func writeIdentifiers(
        _ person: PersonView,
        _ configuration: GatewayConfiguration,
        to writer: inout JSONWriter
    ) throws(DoorFault) {
        var identifiers = [Identifier(system: configuration.goldenSystem, value: person.golden.description)]
        for member in person.members {
            let patient = try StoredPatient(member).patient
            for identifier in patient.identifiers where identifier.system != configuration.goldenSystem {
                let isKnown = identifiers.contains { $0.system == identifier.system && $0.value == identifier.value }
                if !isKnown { identifiers.append(identifier) }
            }
        }
        writer.key("identifier")
        writer.beginArray()
        for identifier in identifiers { identifier.write(to: &writer) }
        writer.endArray()
    }

    private static func copy(_ record: StoredRecord, to writer: inout JSONWriter) throws(DoorFault) {
        do throws(JSONFault) {
            var scanner = try JSONScanner(record.document.span.bytes)
            try scanner.beginObject()
            while let key = try scanner.nextKey() {
                let name = scanner.text(key)
                let value = try scanner.skipValue()
                guard told.contains(name) else { continue }
                writer.key(name)
                writer.raw(record.document[value.range])
            }
        } catch {
            throw DoorFault.unreadable(record.id)
        }
    }
}
