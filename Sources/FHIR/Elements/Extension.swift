public import JSON

/// An extension with a simple value; values of other kinds are checked and passed over.
public struct Extension: Sendable, Hashable {
    /// A value of a simple kind.
    public enum Value: Sendable, Hashable {
        /// `valueString`
        case text(String)
        /// `valueCode`
        case code(String)
        /// `valueBoolean`
        case boolean(Bool)
        /// A value of a kind that is not read.
        case other
    }

    /// What the extension means.
    public var url: String
    /// Its value.
    public var value: Value

    /// An extension.
    public init(url: String, value: Value) {
        self.url = url
        self.value = value
    }
}

extension Extension {
    private enum Field: Int, ElementField {
        case url, valueString, valueCode, valueBoolean
        static let names: [StaticString] = ["url", "valueString", "valueCode", "valueBoolean"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Extension {
        let start = scanner.position
        var result = Extension(url: "", value: .other)
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .url: result.url = try scanner.fhirText()
            case .valueString: result.value = .text(try scanner.fhirText())
            case .valueCode: result.value = .code(try scanner.fhirText())
            case .valueBoolean: result.value = .boolean(try scanner.boolean())
            }
        }
        guard !result.url.isEmpty else { throw scanner.refuse(.required, "an extension needs a url", at: start) }
        return result
    }

    /// Writes the extension as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("url", url)
        switch value {
        case .text(let text): writer.member("valueString", text)
        case .code(let code): writer.member("valueCode", code)
        case .boolean(let flag):
            writer.key("valueBoolean")
            writer.boolean(flag)
        case .other: break
        }
        writer.endObject()
    }
}

/// An element of which only the extensions matter, such as `_given[1]`.
struct ExtensionHolder {
    var extensions: [Extension] = []

    private enum Field: Int, ElementField {
        case extensions
        static let names: [StaticString] = ["extension"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> ExtensionHolder {
        var holder = ExtensionHolder()
        var members = try ElementReader<Field>(&scanner)
        while try members.next(&scanner) != nil { holder.extensions = try scanner.fhirElements(Extension.read) }
        return holder
    }
}
