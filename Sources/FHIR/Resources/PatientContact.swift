public import JSON

/// Somebody to be told about a patient: a parent, guardian or partner.
public struct PatientContact: Sendable, Hashable {
    /// What the contact is to the patient.
    public var relationships: [CodeableConcept] = []
    /// The contact's name.
    public var name: HumanName?
    /// How the contact is reached.
    public var telecom: [ContactPoint] = []

    /// A contact of whom nothing is known yet.
    public init() {}

    /// Whether a relationship says mother: `MTH` or `NMTH` of v3-RoleCode, `MTH` of table 0063.
    public var isMother: Bool {
        relationships.contains { concept in
            concept.codings.contains { $0.code == "MTH" || $0.code == "NMTH" }
        }
    }
}

extension PatientContact {
    private enum Field: Int, ElementField {
        case relationship, name, telecom
        static let names: [StaticString] = ["relationship", "name", "telecom"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> PatientContact {
        var contact = PatientContact()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .relationship: contact.relationships = try scanner.fhirElements(CodeableConcept.read)
            case .name: contact.name = try HumanName.read(&scanner)
            case .telecom: contact.telecom = try scanner.fhirElements(ContactPoint.read)
            }
        }
        return contact
    }

    /// Writes the contact as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.elements("relationship", relationships) { $0.write(to: &$1) }
        if let name {
            writer.key("name")
            name.write(to: &writer)
        }
        writer.elements("telecom", telecom) { $0.write(to: &$1) }
        writer.endObject()
    }
}
