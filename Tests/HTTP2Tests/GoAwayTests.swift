import HTTP2
import Testing

@Suite("Graceful end of a session")
struct GoAwayTests {
    @Test("Open streams finish after GOAWAY, then the session is over")
    func drain() throws {
        let pair = try SessionPair()
        let first = try pair.get()
        try pair.settle()
        pair.server.announceShutdown()
        try pair.settle()
        #expect(pair.clientEvents.goAways.map(\.lastStream) == [Int32.max])
        pair.server.goAway()
        try pair.settle()
        #expect(pair.clientEvents.goAways.last?.lastStream == first.id)
        #expect(pair.server.isAlive)
        try pair.server.respond(#require(pair.server.stream(first.id)), status: 200, fields: HeaderList(), body: [1])
        try pair.settle()
        #expect(pair.clientEvents.closed[first.id] == .noError)
        #expect(!pair.server.isAlive)
        #expect(!pair.client.isAlive)
    }

    @Test("A stream the server will not answer is told as refused")
    func refusedByGoAway() throws {
        let pair = try SessionPair()
        try pair.settle()
        pair.server.goAway()
        let goAway = try SessionPair.output { try pair.server.drain(bound: 1 << 16, into: $0) }
        let late = try pair.get()
        let request = try SessionPair.output { try pair.client.drain(bound: 1 << 16, into: $0) }
        try pair.server.receive(request.span)
        try pair.client.receive(goAway.span)
        try pair.settle()
        #expect(pair.serverEvents.heads.isEmpty)
        #expect(pair.clientEvents.closed[late.id] == .refusedStream)
    }

    @Test("A reset tells the other side its code")
    func reset() throws {
        let pair = try SessionPair()
        let stream = try pair.get()
        try pair.settle()
        pair.client.reset(stream, code: .cancel)
        try pair.settle()
        #expect(pair.serverEvents.closed[stream.id] == .cancel)
    }
}
