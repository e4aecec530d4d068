import HTTP2
import Testing

@Suite("Flow control")
struct FlowControlTests {
    private func small() -> SessionLimits {
        var limits = SessionLimits()
        limits.streamWindow = 65_536
        limits.connectionWindow = 200_000
        return limits
    }

    @Test("A sender stops at the stream's window until bytes are consumed")
    func streamWindow() throws {
        let pair = try SessionPair(server: small())
        try pair.settle()
        let stream = try pair.post([UInt8](repeating: 7, count: 300_000))
        try pair.settle()
        #expect(pair.serverEvents.bodies[stream.id]?.count == 65_536)
        let received = try #require(pair.server.stream(stream.id))
        #expect(received.unconsumed == 65_536)
        var rounds = 0
        while pair.serverEvents.ended.isEmpty, rounds < 100 {
            pair.server.consume(received.unconsumed, received)
            try pair.settle()
            rounds += 1
        }
        #expect(pair.serverEvents.bodies[stream.id]?.count == 300_000)
    }

    @Test("Unread bodies of all streams together stay within the connection's window")
    func connectionWindow() throws {
        let pair = try SessionPair(server: small())
        try pair.settle()
        for _ in 0..<10 { _ = try pair.post([UInt8](repeating: 7, count: 60_000)) }
        try pair.settle()
        let received = pair.serverEvents.bodies.values.reduce(0) { $0 + $1.count }
        #expect(received <= 200_000)
        #expect(received > 150_000)
    }

    @Test("What a closed stream left unread is given back to the connection")
    func windowOfClosedStreams() throws {
        let pair = try SessionPair(server: small())
        try pair.settle()
        for _ in 0..<20 {
            let stream = try pair.post([UInt8](repeating: 7, count: 60_000))
            try pair.settle()
            #expect(pair.serverEvents.bodies[stream.id]?.count == 60_000)
            pair.client.reset(stream, code: .cancel)
            try pair.server.reset(#require(pair.server.stream(stream.id)), code: .cancel)
            try pair.settle()
            #expect(pair.server.stream(stream.id) == nil)
        }
    }

    @Test("Bytes that wait to be written are counted, and no longer once the stream is closed")
    func pendingOutput() throws {
        var clientLimits = SessionLimits()
        clientLimits.streamWindow = 65_535
        let pair = try SessionPair(client: clientLimits)
        let stream = try pair.get()
        try pair.settle()
        let answered = try #require(pair.server.stream(stream.id))
        try pair.server.respond(
            answered,
            status: 200,
            fields: HeaderList(),
            body: [UInt8](repeating: 1, count: 200_000)
        )
        try pair.settle()
        #expect(pair.server.pendingOutput == 200_000 - 65_535)
        pair.client.reset(stream, code: .cancel)
        try pair.settle()
        #expect(pair.server.pendingOutput == 0)
    }
}
