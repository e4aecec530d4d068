/// Where a client connects to.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host name or an IP address.
    public var host: String
    /// The TCP port.
    public var port: Int
    /// The TLS configuration; nil for clear text.
    public var tls: TLSClientConfiguration?

    /// An endpoint.
    public init(host: String, port: Int, tls: TLSClientConfiguration? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }

    /// `host:port`.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
