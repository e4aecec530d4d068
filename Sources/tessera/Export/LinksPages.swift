internal import Transport

/// Walks `/api/v1/links`, page by page.
struct LinksPages: Sendable {
    /// Rows asked for at once: a page of this size is a few hundred kilobytes.
    static let pageRows = 10_000

    private let client: RegistryClient
    private let accept: String
    private var next: String?

    /// A walk over all live records in a media type.
    init(_ client: RegistryClient, accept: String, rows: Int = LinksPages.pageRows) {
        self.client = client
        self.accept = accept
        next = "/api/v1/links?limit=\(rows)"
    }

    /// The next page; `nil` after the last.
    mutating func page() async throws(CommandFailure) -> [UInt8]? {
        guard let path = next else { return nil }
        let response = try await client.get(path, accept: accept)
        let following = Self.next(in: response.headers)
        guard following != path else { throw CommandFailure("\(client.url)\(path) names itself as the page after it") }
        next = following
        return response.body
    }

    /// The path that a `link` header names as next (RFC 8288).
    private static func next(in headers: HTTPFields) -> String? {
        for value in headers.values(of: "link") {
            guard value.contains("rel=\"next\""), let start = value.firstIndex(of: "<"),
                let end = value[start...].firstIndex(of: ">")
            else { continue }
            return String(value[value.index(after: start)..<end])
        }
        return nil
    }
}
