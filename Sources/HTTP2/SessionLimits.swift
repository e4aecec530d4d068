/// The bounds of one session; sizes in bytes.
public struct SessionLimits: Sendable, Equatable {
    /// Streams the peer may have open at one time.
    public var maxConcurrentStreams = 1000
    /// The header fields of one message together, as RFC 9113 6.5.2 counts them.
    public var maxHeaderBytes = 32 << 10
    /// One header field, name and value.
    public var maxHeaderFieldBytes = 16 << 10
    /// The number of header fields of one message.
    public var maxHeaderCount = 128
    /// The window each stream starts with.
    public var streamWindow = 1 << 20
    /// The window of the connection.
    public var connectionWindow = 16 << 20
    /// Resets a client may send at once.
    public var resetBurst = 500
    /// Resets a second that are given back to the burst.
    public var resetRate = 50
    /// CONTINUATION frames of one header block.
    public var maxContinuations = 8
    /// Answers to PING and SETTINGS that may wait to be sent.
    public var maxPendingAcknowledgements = 256
    /// Entries of one SETTINGS frame: the RFCs define eight.
    public var maxSettings = 32

    /// The defaults.
    public init() {}

    /// A header block this many times above its limit ends the connection: the fields cannot be skipped without being
    /// decoded, so decoding them is the attack.
    static let headerExcessFactor = 4
}
