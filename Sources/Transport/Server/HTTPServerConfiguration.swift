/// Where a server listens and what it allows.
public struct HTTPServerConfiguration: Sendable {
    /// The address to listen on; loopback unless told otherwise.
    public var host: String
    /// The TCP port; 0 lets the system choose.
    public var port: Int
    /// The certificates; nil for clear text.
    public var tls: TLSServerConfiguration?
    /// Told of clients whose TLS handshake failed.
    public var refused: TLSRefusal?
    /// The bounds.
    public var limits: HTTPLimits

    /// A configuration with the default limits.
    public init(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: TLSServerConfiguration? = nil,
        limits: HTTPLimits = HTTPLimits()
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.limits = limits
    }
}
