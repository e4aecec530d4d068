// rooms: HTTP2
// libraries: nghttp2

import HTTP2

/// A server's session: whatever a client sends, no trap, no endless output, and nothing counted wrongly at the end.
///
/// The first byte chooses how the rest is taken: with the preface put before it or as it is, in how long pieces, and
/// whether bodies are consumed. A client answers what it is sent, so that its own bytes reach deep states.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let choice = bytes.first else { return 0 }
    var limits = SessionLimits()
    limits.maxHeaderBytes = 1024
    limits.streamWindow = 4096
    limits.connectionWindow = 65_535
    limits.resetBurst = 10
    let owner = Owner(consumes: choice & 2 != 0)
    guard let session = try? ServerSession(limits: limits, events: owner) else { return 0 }
    owner.session = session
    var input = choice & 1 != 0 ? ServerSession.preface + [0, 0, 0, 4, 0, 0, 0, 0, 0] : []
    input += bytes.dropFirst()
    let step = 1 + Int(choice >> 2)
    do throws(HTTP2Error) {
        var start = 0
        while start < input.count {
            let end = min(start + step, input.count)
            try session.receive(Array(input[start..<end]).span)
            try drain(session)
            start = end
        }
    } catch {
        precondition(!error.description.isEmpty)
    }
    precondition(session.pendingOutput == session.streams.reduce(0) { $0 + $1.pendingOutput }, "output counted wrongly")
    return 0
}

/// Takes what the session wants to write; a few bytes of input must not make it write without end.
private func drain(_ session: ServerSession) throws(HTTP2Error) {
    var rounds = 0
    while try session.drain(bound: 1 << 16, into: { _ in }) {
        rounds += 1
        precondition(rounds < 1000, "output without end")
    }
}

/// Answers each request in a way that its path chooses.
private final class Owner: SessionEvents {
    weak var session: ServerSession?
    private let consumes: Bool

    init(consumes: Bool) {
        self.consumes = consumes
    }

    func headReceived(_ head: MessageHead, stream: StreamState, isEnd: Bool) {
        switch head.path.utf8.count % 4 {
        case 0: try? session?.respond(stream, status: 200, fields: head.fields, body: [1, 2, 3])
        case 1:
            try? session?.begin(stream, status: 200, fields: HeaderList())
            session?.send([UInt8](repeating: 7, count: 10_000), stream)
        case 2: session?.reset(stream, code: .cancel)
        default: break
        }
    }

    func headTooLarge(stream: StreamState) {
        try? session?.respond(stream, status: 431, fields: HeaderList(), body: [])
    }

    func dataReceived(_ bytes: Span<UInt8>, stream: StreamState) {
        if consumes { session?.consume(bytes.count, stream) }
    }

    func bodyEnded(trailers: HeaderList, stream: StreamState) {
        if stream.hasSubmitted {
            session?.end(stream)
        } else {
            try? session?.respond(stream, status: 204, fields: trailers, body: [])
        }
    }

    func outputTaken(_ count: Int, stream: StreamState) {}

    func streamClosed(_ stream: StreamState, code: HTTP2ErrorCode) {
        precondition(stream.unconsumed == 0, "bytes of a closed stream not given back")
    }

    func goAwayReceived(lastStream: Int32, code: HTTP2ErrorCode) {
        session?.announceShutdown()
    }

    func pingAnswered() {
        session?.goAway()
    }
}
