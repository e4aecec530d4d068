import JSON

/// What an entry of a batch, transaction or history asks for, or asked for.
public struct BundleRequest: Sendable, Hashable {
    /// The verb.
    public var method: HTTPVerb
    /// The URL, relative to the service base.
    public var url: String
    /// Do nothing when this matches; empty when absent.
    public var ifNoneMatch = ""
    /// Update only what has this version; empty when absent.
    public var ifMatch = ""
    /// Create only when this search finds nothing; empty when absent.
    public var ifNoneExist = ""

    /// A request.
    public init(method: HTTPVerb, url: String) {
        self.method = method
        self.url = url
    }
}

extension BundleRequest {
    private enum Field: Int, ElementField {
        case method, url, ifNoneMatch, ifMatch, ifNoneExist
        static let names: [StaticString] = ["method", "url", "ifNoneMatch", "ifMatch", "ifNoneExist"]
    }

    static func read(_ scanner: inout JSONScanner) throws(JSONFault) -> BundleRequest {
        let start = scanner.position
        var method: HTTPVerb?
        var request = BundleRequest(method: .get, url: "")
        var members = try ElementReader<Field>(&scanner)
        while let field = try members.next(&scanner) {
            switch field {
            case .method: method = try scanner.fhirCode(HTTPVerb.self)
            case .url: request.url = try scanner.fhirText(limit: FHIRLimits.urlBytes)
            case .ifNoneMatch: request.ifNoneMatch = try scanner.fhirText()
            case .ifMatch: request.ifMatch = try scanner.fhirText()
            case .ifNoneExist: request.ifNoneExist = try scanner.fhirText(limit: FHIRLimits.urlBytes)
            }
        }
        guard let method, !request.url.isEmpty else {
            throw scanner.refuse(.required, "a request needs method and url", at: start)
        }
        request.method = method
        return request
    }
}
