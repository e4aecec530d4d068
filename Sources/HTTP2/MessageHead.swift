/// A request's or a response's pseudo fields and header fields.
public struct MessageHead: Sendable, Equatable {
    /// `:method`; empty in a response.
    public var method = ""
    /// `:path`; empty in a response.
    public var path = ""
    /// `:authority`; may be empty.
    public var authority = ""
    /// `:scheme`; empty in a response.
    public var scheme = ""
    /// `:status`; 0 in a request.
    public var status = 0
    /// All other fields.
    public var fields = HeaderList()

    /// An empty head.
    public init() {}

    /// A request's head.
    public init(method: String, path: String, authority: String, scheme: String, fields: HeaderList = HeaderList()) {
        self.method = method
        self.path = path
        self.authority = authority
        self.scheme = scheme
        self.fields = fields
    }
}
