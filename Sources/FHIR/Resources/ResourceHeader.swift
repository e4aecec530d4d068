public import JSON

/// The first look at a resource: its type and logical id, everything else checked for grammar only.
public struct ResourceHeader: Sendable, Hashable {
    /// The resource type, such as `Patient`.
    public let resourceType: String
    /// Logical id; empty when absent.
    public let id: String

    private enum Field: Int, ElementField {
        case resourceType, id
        static let names: [StaticString] = ["resourceType", "id"]
    }

    /// Looks at a resource that is the whole text.
    ///
    /// - Throws: `FHIRError` when the text is not JSON, no object, or has no resourceType.
    public init(decoding bytes: RawSpan, limits: JSONLimits = JSONLimits()) throws(FHIRError) {
        do throws(JSONFault) {
            var scanner = try JSONScanner(bytes, limits: limits)
            self = try Self.read(&scanner)
            try scanner.finish()
        } catch {
            throw FHIRError(error, in: bytes, root: "")
        }
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> ResourceHeader {
        _ = try scanner.peekKind()
        let start = scanner.position
        var resourceType = ""
        var id = ""
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .resourceType: resourceType = try scanner.fhirText(limit: 64)
            case .id: id = try scanner.fhirText()
            }
        }
        guard !resourceType.isEmpty else {
            throw scanner.refuse(.required, "a resource needs its resourceType", at: start)
        }
        return ResourceHeader(resourceType: resourceType, id: id)
    }

    private init(resourceType: String, id: String) {
        self.resourceType = resourceType
        self.id = id
    }
}
