public import JSON

/// A code of a code system.
public struct Coding: Sendable, Hashable {
    /// URI of the code system; empty when absent.
    public var system: String
    /// The code; empty when absent.
    public var code: String
    /// The code in words; empty when absent.
    public var display: String

    /// A code of a system.
    public init(system: String = "", code: String = "", display: String = "") {
        self.system = system
        self.code = code
        self.display = display
    }
}

extension Coding {
    private enum Field: Int, ElementField {
        case system, code, display
        static let names: [StaticString] = ["system", "code", "display"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Coding {
        var coding = Coding()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .system: coding.system = try scanner.fhirText()
            case .code: coding.code = try scanner.fhirText()
            case .display: coding.display = try scanner.fhirText()
            }
        }
        return coding
    }

    /// Writes the coding as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.text("system", system)
        writer.text("code", code)
        writer.text("display", display)
        writer.endObject()
    }
}
