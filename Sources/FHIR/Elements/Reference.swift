public import JSON

/// A reference to another resource, literal or by identifier.
public struct Reference: Sendable, Hashable {
    /// Relative or absolute URL, such as `Organization/1`; empty when absent.
    public var reference: String
    /// System of the target's identifier; empty when absent.
    public var identifierSystem: String
    /// Value of the target's identifier; empty when absent.
    public var identifierValue: String
    /// The target in words; empty when absent.
    public var display: String

    /// A reference.
    public init(
        reference: String = "",
        identifierSystem: String = "",
        identifierValue: String = "",
        display: String = ""
    ) {
        self.reference = reference
        self.identifierSystem = identifierSystem
        self.identifierValue = identifierValue
        self.display = display
    }
}

extension Reference {
    private enum Field: Int, ElementField {
        case reference, display, identifier
        static let names: [StaticString] = ["reference", "display", "identifier"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Reference {
        var result = Reference()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .reference: result.reference = try scanner.fhirText()
            case .display: result.display = try scanner.fhirText()
            case .identifier:
                // An identifier's assigner is a reference again: the scanner's depth limit bounds the recursion.
                let identifier = try Identifier.read(&scanner)
                result.identifierSystem = identifier.system
                result.identifierValue = identifier.value
            }
        }
        return result
    }

    /// Writes the reference as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.text("reference", reference)
        if !identifierValue.isEmpty {
            writer.object("identifier") {
                $0.text("system", identifierSystem)
                $0.member("value", identifierValue)
            }
        }
        writer.text("display", display)
        writer.endObject()
    }
}
