public import JSON

/// A concept told by codes, by text, or both.
public struct CodeableConcept: Sendable, Hashable {
    /// The concept in one or more code systems.
    public var codings: [Coding]
    /// The concept in words; empty when absent.
    public var text: String

    /// A concept.
    public init(codings: [Coding] = [], text: String = "") {
        self.codings = codings
        self.text = text
    }
}

extension CodeableConcept {
    private enum Field: Int, ElementField {
        case coding, text
        static let names: [StaticString] = ["coding", "text"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> CodeableConcept {
        var concept = CodeableConcept()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .coding: concept.codings = try scanner.fhirElements(Coding.read)
            case .text: concept.text = try scanner.fhirText()
            }
        }
        return concept
    }

    /// Writes the concept as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.elements("coding", codings) { $0.write(to: &$1) }
        writer.text("text", text)
        writer.endObject()
    }
}
