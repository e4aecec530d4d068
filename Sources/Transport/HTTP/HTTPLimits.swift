/// Every bound of a server's wire, each with its reason; sizes in bytes, times as durations.
///
/// A request past a limit gets its own answer (400, 408, 413, 431, 503); a peer that works against the protocol loses
/// its connection; neither stops others.
public struct HTTPLimits: Sendable, Hashable {
    /// Open connections: past it a new one is closed at once, so that file descriptors remain for the store.
    public var maxConnections = 4096
    /// Streams open at one time on a connection: what one client may keep the server busy with.
    public var maxConcurrentStreams = 1000
    /// The header fields of a request together: the largest bearer tokens with room to spare.
    public var maxHeaderBytes = 32 << 10
    /// One header field, name and value.
    public var maxHeaderFieldBytes = 16 << 10
    /// The number of header fields: a usual request has ten.
    public var maxHeaderCount = 128
    /// Request bodies being gathered on one connection, together: bounds memory when many streams upload at once.
    public var maxGatheredBytesPerConnection = 64 << 20
    /// Answers waiting for a client that does not read: past it new requests of the connection are refused.
    public var maxPendingOutputPerConnection = 64 << 20
    /// Bytes of one streamed answer waiting before `write` suspends.
    public var maxPendingOutputPerStream = 256 << 10
    /// The flow-control window of a stream: 1 MiB keeps a 1 Gbit/s path of 8 ms full.
    public var streamWindow = 1 << 20
    /// The flow-control window of a connection; also bounds the unread streamed bodies of it.
    public var connectionWindow = 16 << 20
    /// From the accept to the end of the TLS handshake and to the first complete request head.
    public var handshakeTimeout: Duration = .seconds(10)
    /// A connection without an open request.
    public var idleTimeout: Duration = .seconds(120)
    /// A request body that makes no progress: then 408.
    public var bodyTimeout: Duration = .seconds(30)
    /// A client that takes no byte of a waiting answer: then the connection is closed.
    public var writeTimeout: Duration = .seconds(30)
    /// With requests open and nothing received for so long, an HTTP/2 client is asked (PING) whether it lives.
    public var livenessInterval: Duration = .seconds(30)
    /// How long the answer to that may take before the connection is closed.
    public var livenessTimeout: Duration = .seconds(15)
    /// Resets of streams a client may send at once before its connection is closed (CVE-2023-44487, rapid reset).
    public var resetBurst = 500
    /// Resets a second that are given back to the burst.
    public var resetRate = 50
    /// CONTINUATION frames of one header block (CVE-2024-28182).
    public var maxContinuations = 8
    /// Answers to PING and SETTINGS that may wait: a client that floods them and does not read loses its connection.
    public var maxPendingAcknowledgements = 256

    /// The defaults.
    public init() {}
}
