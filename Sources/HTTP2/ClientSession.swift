/// The client's end of one HTTP/2 connection: requests in, bytes out; bytes in, events out.
///
/// It has no socket and no clock.
public final class ClientSession {
    let core: SessionCore

    /// A session whose preface and SETTINGS wait to be drained.
    public init(limits: SessionLimits, events: any SessionEvents) throws(HTTP2Error) {
        core = try SessionCore(isServer: false, limits: limits)
        core.events = events
    }

    /// Reads bytes of the server.
    ///
    /// - Throws: when the connection has to end.
    public func receive(_ bytes: borrowing Span<UInt8>) throws(HTTP2Error) {
        try core.receive(bytes)
    }

    /// Gives waiting frames to `sink` until at least `bound` bytes went out; true when more may wait.
    public func drain(bound: Int, into sink: (Span<UInt8>) -> Void) throws(HTTP2Error) -> Bool {
        try core.drain(bound: bound, into: sink)
    }

    /// Whether the session may still receive or send anything; false when the connection can be closed.
    public var isAlive: Bool { core.wantsRead || core.wantsWrite }

    /// Whether frames wait to be drained.
    public var wantsWrite: Bool { core.wantsWrite }

    /// Streams that are open or wait for the server's permission to open.
    public var streamCount: Int { core.streams.count }

    /// Streams the server allows at one time.
    public var maxConcurrentStreams: Int { core.peerMaxConcurrentStreams }

    /// The open stream of that number.
    public func stream(_ id: Int32) -> StreamState? { core.streams[id] }

    /// All open streams, in no order.
    public var streams: some Collection<StreamState> { core.streams.values }

    /// Sends a request with a whole body; adds `content-length` to a body unless the fields have it.
    public func request(_ head: MessageHead, body: [UInt8]) throws(HTTP2Error) -> StreamState {
        let stream = try core.submitRequest(
            head,
            contentLength: body.isEmpty ? nil : body.count,
            hasBody: !body.isEmpty
        )
        if !body.isEmpty {
            core.send(body, stream)
            core.end(stream)
        }
        return stream
    }

    /// Begins a request whose body follows by `send` and `end`.
    public func begin(_ head: MessageHead) throws(HTTP2Error) -> StreamState {
        try core.submitRequest(head, contentLength: nil, hasBody: true)
    }

    /// Adds bytes to a body begun with `begin`.
    public func send(_ bytes: [UInt8], _ stream: StreamState) {
        core.send(bytes, stream)
    }

    /// Ends a body begun with `begin`.
    public func end(_ stream: StreamState) {
        core.end(stream)
    }

    /// Gives a stream up.
    public func reset(_ stream: StreamState, code: HTTP2ErrorCode) {
        core.reset(stream.id, code: code)
    }

    /// Opens the windows by bytes of a response body that have been dealt with.
    public func consume(_ count: Int, _ stream: StreamState) {
        core.consume(count, stream)
    }

    /// Says goodbye: the session ends once its streams have.
    public func goAway(code: HTTP2ErrorCode = .noError) {
        core.goAway(code: code)
    }

    /// Ends the session once what waits has been written.
    public func terminate(code: HTTP2ErrorCode) {
        core.terminate(code: code)
    }

    /// Asks the server for an answer: `pingAnswered`.
    public func ping() {
        core.ping()
    }
}
