/// What an entry of a batch or transaction asks for (FHIR R4 value set `http-verb`).
public enum HTTPVerb: String, Sendable, Hashable, CaseIterable {
    /// Read or search.
    case get = "GET"
    /// Read or search, headers only.
    case head = "HEAD"
    /// Create, or an operation.
    case post = "POST"
    /// Update, or create under a known id.
    case put = "PUT"
    /// Delete.
    case delete = "DELETE"
    /// Change in part.
    case patch = "PATCH"
}
