/// The bounds of an MLLP server, each with its reason.
///
/// Who breaks them loses the connection: a stream out of frame cannot be answered.
public struct MLLPLimits: Sendable, Hashable {
    /// Bytes of one message: what the syntax takes at most.
    public var maxMessageBytes = 1 << 20
    /// Messages of one connection that wait for their turn: the rest stays with the sender.
    public var maxWaitingMessages = 64
    /// Open connections.
    public var maxConnections = 1_024
    /// From the accept to the end of the TLS handshake.
    public var handshakeTimeout: Duration = .seconds(10)
    /// A connection on which nothing was received and nothing is being answered.
    ///
    /// Senders keep connections open between patients; they connect again when they have to.
    public var idleTimeout: Duration = .seconds(600)
    /// A message that was begun and makes no progress.
    public var messageTimeout: Duration = .seconds(30)

    /// The defaults.
    public init() {}
}
