/// The bounds of a client; sizes in bytes.
public struct HTTPClientConfiguration: Sendable, Hashable {
    /// Connections to the endpoint, each a multiplexed HTTP/2 session on its own event loop.
    public var connections = 1
    /// Time for TCP connect and TLS handshake together.
    public var connectTimeout: Duration = .seconds(5)
    /// The deadline of a request that names none.
    public var defaultDeadline: Duration = .seconds(30)
    /// Requests that may wait on one connection for a connect or a free stream: past it `limitExceeded` at once.
    public var maxWaitingRequests = 4096
    /// A gathered response body: past it the stream is reset and the request fails.
    public var maxResponseBytes = 256 << 20
    /// The header fields of a response together.
    public var maxHeaderBytes = 64 << 10
    /// The flow-control window of a stream.
    public var streamWindow = 1 << 20
    /// The flow-control window of a connection.
    public var connectionWindow = 16 << 20
    /// Bytes of one streamed request body waiting before `write` suspends.
    public var maxPendingOutputPerStream = 256 << 10
    /// With requests open and nothing received for so long, the connection is asked (PING) whether it lives.
    public var livenessInterval: Duration = .seconds(10)
    /// How long the answer to that may take before the connection is given up.
    public var livenessTimeout: Duration = .seconds(10)
    /// How long the other machine may leave bytes without an acknowledgement of TCP before the connection is given up.
    ///
    /// The system acknowledges for a process that is busy or stopped, so that only a machine or a network that is away
    /// is noticed so. Without it TCP repeats itself ever more rarely: seconds after a short interruption nothing has
    /// got through yet.
    public var unacknowledgedTimeout: Duration = .seconds(20)
    /// The first pause after a failed connect, during which requests fail at once; doubles up to `maxReconnectDelay`.
    public var minReconnectDelay: Duration = .milliseconds(50)
    /// The longest pause between connects.
    public var maxReconnectDelay: Duration = .seconds(2)
    /// Times a request is sent again when the other end certainly did not act on it.
    public var maxSafeRetries = 2

    /// The defaults, with a number of connections.
    public init(connections: Int = 1) {
        self.connections = connections
    }

    /// How members of one cluster reach each other: in a network that is near, and with somebody else to ask.
    ///
    /// Writes have to go on within five seconds of a failure, so that the silence of a member must be known in half of
    /// them. A connection that is lost by mistake costs a new one and a repetition.
    public static func member(connections: Int = 1) -> HTTPClientConfiguration {
        var configuration = HTTPClientConfiguration(connections: connections)
        configuration.connectTimeout = .seconds(1)
        configuration.livenessInterval = .seconds(1)
        configuration.livenessTimeout = .milliseconds(1_500)
        configuration.unacknowledgedTimeout = .milliseconds(1_500)
        configuration.maxReconnectDelay = .milliseconds(500)
        return configuration
    }
}
