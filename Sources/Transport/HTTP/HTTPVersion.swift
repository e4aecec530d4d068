/// The protocol a request came by.
public enum HTTPVersion: String, Sendable {
    /// HTTP/1.0 or HTTP/1.1.
    case http1 = "HTTP/1.1"
    /// HTTP/2.
    case http2 = "HTTP/2"
}
