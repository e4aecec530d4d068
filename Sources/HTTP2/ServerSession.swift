/// The server's end of one HTTP/2 connection: bytes in, events out; answers in, bytes out.
///
/// It has no socket and no clock.
///
///     let session = try ServerSession(limits: SessionLimits(), events: owner)
///     try session.receive(bytes.span)                            // calls owner.headReceived(...)
///     try session.respond(stream, status: 200, fields: HeaderList(), body: Array("hello".utf8))
///     _ = try session.drain(bound: 65_536) { piece in ... }       // what to write to the socket
public final class ServerSession {
    let core: SessionCore

    /// A session that waits for the client's preface; its own SETTINGS wait to be drained.
    public init(limits: SessionLimits, events: any SessionEvents) throws(HTTP2Error) {
        core = try SessionCore(isServer: true, limits: limits)
        core.events = events
    }

    /// The 24 bytes each HTTP/2 connection of a client begins with.
    public static let preface: [UInt8] = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Reads bytes of the client.
    ///
    /// - Throws: when the connection has to end; what `drain` still gives should be written first.
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

    /// Streams that are open.
    public var streamCount: Int { core.streams.count }

    /// Body bytes of all streams that wait for the client to read.
    public var pendingOutput: Int { core.pendingOutput }

    /// The open stream of that number.
    public func stream(_ id: Int32) -> StreamState? { core.streams[id] }

    /// All open streams, in no order.
    public var streams: some Collection<StreamState> { core.streams.values }

    /// Answers with a whole body; adds `content-length` unless the fields have it or the status forbids it.
    public func respond(
        _ stream: StreamState,
        status: Int,
        fields: HeaderList,
        body: [UInt8],
        isHeadRequest: Bool = false
    ) throws(HTTP2Error) {
        let forbidsBody = status == 204 || status == 304
        let hasBody = !body.isEmpty && !forbidsBody && !isHeadRequest
        try core.submitResponse(
            stream,
            status: status,
            fields: fields,
            contentLength: forbidsBody ? nil : body.count,
            hasBody: hasBody
        )
        guard hasBody else { return }
        core.send(body, stream)
        core.end(stream)
    }

    /// Begins an answer whose body follows by `send` and `end`.
    public func begin(_ stream: StreamState, status: Int, fields: HeaderList) throws(HTTP2Error) {
        try core.submitResponse(stream, status: status, fields: fields, contentLength: nil, hasBody: true)
    }

    /// Sends `100 Continue` ahead of the answer.
    public func sendContinue(_ stream: StreamState) throws(HTTP2Error) {
        try core.submitInformational(stream, status: 100)
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

    /// Opens the windows by bytes of a request body that have been dealt with.
    public func consume(_ count: Int, _ stream: StreamState) {
        core.consume(count, stream)
    }

    /// Tells the client to open no more streams; those on their way are still accepted.
    ///
    /// The first step of a drain.
    public func announceShutdown() {
        core.announceShutdown()
    }

    /// Accepts no stream above the last one seen.
    ///
    /// The second step of a drain, one round trip after the first.
    public func goAway(code: HTTP2ErrorCode = .noError) {
        core.goAway(code: code)
    }

    /// Ends the session with an error once what waits has been written.
    public func terminate(code: HTTP2ErrorCode) {
        core.terminate(code: code)
    }

    /// Asks the client for an answer: `pingAnswered`.
    public func ping() {
        core.ping()
    }
}
