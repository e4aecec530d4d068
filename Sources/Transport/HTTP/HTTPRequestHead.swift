/// Everything of a request that comes before its body.
public struct HTTPRequestHead: Sendable {
    /// The method as sent, for example `GET`.
    public var method: String
    /// The path with its query as sent: `/fhir/Patient?family=Okello`, nothing decoded.
    public var path: String
    /// The host the client addressed: `:authority` or `Host`; may be empty.
    public var authority: String
    /// The header fields, without the pseudo fields of HTTP/2.
    public var headers: HTTPFields
    /// The protocol the request came by.
    public var version: HTTPVersion
    /// Who sent it.
    public var peer: PeerInfo

    /// A head as a client or a test would write it.
    public init(
        method: String,
        path: String,
        authority: String = "",
        headers: HTTPFields = HTTPFields(),
        version: HTTPVersion = .http2,
        peer: PeerInfo = PeerInfo(address: "")
    ) {
        self.method = method
        self.path = path
        self.authority = authority
        self.headers = headers
        self.version = version
        self.peer = peer
    }

    /// The path without its query.
    public var pathOnly: Substring {
        path.prefix { $0 != "?" }
    }

    /// The query without its question mark; nil when there is none.
    public var query: Substring? {
        guard let mark = path.firstIndex(of: "?") else { return nil }
        return path[path.index(after: mark)...]
    }
}
