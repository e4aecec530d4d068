/// A request as a client sends it.
public struct HTTPClientRequest: Sendable {
    /// The method: `GET`, `POST`, ...
    public var method: String
    /// The path with its query, encoded.
    public var path: String
    /// The header fields; `:authority` and `content-length` are added.
    public var headers: HTTPFields
    /// The body; empty for none.
    public var body: [UInt8]
    /// What goes into `:authority`; nil for the endpoint's `host:port`.
    public var authority: String?

    /// A request.
    public init(
        method: String = "GET",
        path: String,
        headers: HTTPFields = HTTPFields(),
        body: [UInt8] = [],
        authority: String? = nil
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.authority = authority
    }
}
