public import JSON

/// What a server says about a resource.
public struct Meta: Sendable, Hashable {
    /// Version of the resource; empty when absent.
    public var versionId: String
    /// When it last changed, as written; empty when absent.
    public var lastUpdated: String
    /// Where it came from; empty when absent.
    public var source: String

    /// What a server says.
    public init(versionId: String = "", lastUpdated: String = "", source: String = "") {
        self.versionId = versionId
        self.lastUpdated = lastUpdated
        self.source = source
    }
}

extension Meta {
    private enum Field: Int, ElementField {
        case versionId, lastUpdated, source
        static let names: [StaticString] = ["versionId", "lastUpdated", "source"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> Meta {
        var meta = Meta()
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .versionId: meta.versionId = try scanner.fhirText()
            case .lastUpdated: meta.lastUpdated = try scanner.fhirDateTime().text
            case .source: meta.source = try scanner.fhirText()
            }
        }
        return meta
    }

    /// Writes the metadata as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.text("versionId", versionId)
        writer.text("lastUpdated", lastUpdated)
        writer.text("source", source)
        writer.endObject()
    }
}
