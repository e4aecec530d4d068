/// Where an MLLP server listens and what it allows.
public struct MLLPServerConfiguration: Sendable {
    /// The address to listen on; loopback unless told otherwise.
    public var host: String
    /// The TCP port (2575 by custom); 0 lets the system choose.
    public var port: Int
    /// The certificates; nil for clear text.
    public var tls: TLSServerConfiguration?
    /// Told of clients whose TLS handshake failed.
    public var refused: TLSRefusal?
    /// The bounds.
    public var limits: MLLPLimits

    /// A configuration.
    public init(
        host: String = "127.0.0.1",
        port: Int = 0,
        tls: TLSServerConfiguration? = nil,
        limits: MLLPLimits = MLLPLimits()
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.limits = limits
    }
}
