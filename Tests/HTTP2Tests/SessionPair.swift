import HTTP2

/// Records what a session tells.
final class Recorder: SessionEvents {
    var heads: [(stream: Int32, head: MessageHead, isEnd: Bool)] = []
    var bodies: [Int32: [UInt8]] = [:]
    var ended: [Int32] = []
    var trailers: [Int32: HeaderList] = [:]
    var closed: [Int32: HTTP2ErrorCode] = [:]
    var tooLarge: [Int32] = []
    var taken: [Int32: Int] = [:]
    var goAways: [(lastStream: Int32, code: HTTP2ErrorCode)] = []
    var pings = 0
    /// Called with each head, for answering from within the callback.
    var onHead: ((StreamState) -> Void)?
    var onTooLarge: ((StreamState) -> Void)?

    func headReceived(_ head: MessageHead, stream: StreamState, isEnd: Bool) {
        heads.append((stream.id, head, isEnd))
        if isEnd { ended.append(stream.id) }
        onHead?(stream)
    }

    func headTooLarge(stream: StreamState) {
        tooLarge.append(stream.id)
        onTooLarge?(stream)
    }

    func dataReceived(_ bytes: Span<UInt8>, stream: StreamState) {
        bytes.withUnsafeBufferPointer { bodies[stream.id, default: []].append(contentsOf: $0) }
    }

    func bodyEnded(trailers: HeaderList, stream: StreamState) {
        self.trailers[stream.id] = trailers
        ended.append(stream.id)
    }

    func outputTaken(_ count: Int, stream: StreamState) {
        taken[stream.id, default: 0] += count
    }

    func streamClosed(_ stream: StreamState, code: HTTP2ErrorCode) {
        closed[stream.id] = code
    }

    func goAwayReceived(lastStream: Int32, code: HTTP2ErrorCode) {
        goAways.append((lastStream, code))
    }

    func pingAnswered() {
        pings += 1
    }
}

/// A client session and a server session joined in memory.
final class SessionPair {
    let clientEvents = Recorder()
    let serverEvents = Recorder()
    let client: ClientSession
    let server: ServerSession

    init(server limits: SessionLimits = SessionLimits(), client clientLimits: SessionLimits = SessionLimits()) throws {
        client = try ClientSession(limits: clientLimits, events: clientEvents)
        server = try ServerSession(limits: limits, events: serverEvents)
    }

    /// Carries bytes both ways until neither side has any.
    func settle() throws {
        while client.wantsWrite || server.wantsWrite {
            let toServer = try Self.output { try client.drain(bound: 1 << 16, into: $0) }
            try server.receive(toServer.span)
            let toClient = try Self.output { try server.drain(bound: 1 << 16, into: $0) }
            try client.receive(toClient.span)
            if toServer.isEmpty, toClient.isEmpty { return }
        }
    }

    /// Everything one side has to write.
    static func output(_ drain: ((Span<UInt8>) -> Void) throws -> Bool) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while try drain({ piece in piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }) {}
        return bytes
    }

    /// A request without a body.
    func get(_ path: String = "/", fields: HeaderList = HeaderList()) throws -> StreamState {
        try client.request(
            MessageHead(method: "GET", path: path, authority: "a", scheme: "http", fields: fields),
            body: []
        )
    }

    /// A request with a body.
    func post(_ body: [UInt8]) throws -> StreamState {
        try client.request(MessageHead(method: "POST", path: "/", authority: "a", scheme: "http"), body: body)
    }
}
