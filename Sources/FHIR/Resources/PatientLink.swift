public import JSON

/// A link from one patient record to another of the same person.
public struct PatientLink: Sendable, Hashable {
    /// What the link says (FHIR R4 value set `link-type`).
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The other record replaces this one.
        case replacedBy = "replaced-by"
        /// This record replaces the other one.
        case replaces
        /// The other record is the main source.
        case refer
        /// The other record is about the same person.
        case seealso
    }

    /// The other record.
    public var other: Reference
    /// What the link says.
    public var kind: Kind

    /// A link.
    public init(other: Reference, kind: Kind) {
        self.other = other
        self.kind = kind
    }
}

extension PatientLink {
    private enum Field: Int, ElementField {
        case other, type
        static let names: [StaticString] = ["other", "type"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> PatientLink {
        let start = scanner.position
        var other: Reference?
        var kind: Kind?
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .other: other = try Reference.read(&scanner)
            case .type: kind = try scanner.fhirCode(Kind.self)
            }
        }
        guard let kind else { throw scanner.refuse(.required, "a link needs a type", at: start) }
        // Systems in the field send `seealso` without saying what to see; a replacement must say by what.
        guard other != nil || kind == .seealso || kind == .refer else {
            throw scanner.refuse(.required, "a link of type \(kind.rawValue) needs other", at: start)
        }
        return PatientLink(other: other ?? Reference(), kind: kind)
    }

    /// Writes the link as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("other")
        other.write(to: &writer)
        writer.member("type", kind.rawValue)
        writer.endObject()
    }
}
