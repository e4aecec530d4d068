import HTTP2
import Testing

@Suite("Sessions exchange messages")
struct SessionExchangeTests {
    @Test("A request arrives with its fields and the answer comes back with its body")
    func roundTrip() throws {
        let pair = try SessionPair()
        var fields = HeaderList()
        fields.add("X-Trace", "abc")
        let stream = try pair.get("/fhir/Patient?family=Okello", fields: fields)
        try pair.settle()

        let request = try #require(pair.serverEvents.heads.first)
        #expect(request.head.method == "GET")
        #expect(request.head.path == "/fhir/Patient?family=Okello")
        #expect(request.head.authority == "a")
        #expect(request.head.fields["x-trace"] == "abc")
        #expect(request.isEnd)

        let answered = try #require(pair.server.stream(stream.id))
        var headers = HeaderList()
        headers.add("content-type", "text/plain")
        try pair.server.respond(answered, status: 201, fields: headers, body: Array("hello".utf8))
        try pair.settle()

        let response = try #require(pair.clientEvents.heads.first)
        #expect(response.head.status == 201)
        #expect(response.head.fields["Content-Type"] == "text/plain")
        #expect(response.head.fields.integer("content-length") == 5)
        #expect(pair.clientEvents.bodies[stream.id] == Array("hello".utf8))
        #expect(pair.clientEvents.closed[stream.id] == .noError)
        #expect(pair.server.streamCount == 0)
        #expect(pair.client.streamCount == 0)
    }

    @Test("A body is framed whole, whatever its length", arguments: [0, 1, 16_383, 16_384, 16_385, 300_000])
    func bodyLengths(length: Int) throws {
        let pair = try SessionPair()
        let body = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let stream = try pair.post(body)
        try pair.settle()
        #expect(pair.serverEvents.bodies[stream.id] ?? [] == body)
        #expect(pair.serverEvents.ended == [stream.id])
        let answered = try #require(pair.server.stream(stream.id))
        try pair.server.respond(answered, status: 200, fields: HeaderList(), body: body)
        try pair.settle()
        #expect(pair.clientEvents.bodies[stream.id] ?? [] == body)
    }

    @Test("A body can grow after its head was sent")
    func growingBody() throws {
        let pair = try SessionPair()
        let stream = try pair.get()
        try pair.settle()
        let answered = try #require(pair.server.stream(stream.id))
        try pair.server.begin(answered, status: 200, fields: HeaderList())
        try pair.settle()
        #expect(pair.clientEvents.heads.count == 1)
        for piece in ["one ", "two ", "three"] {
            pair.server.send(Array(piece.utf8), answered)
            try pair.settle()
        }
        #expect(pair.clientEvents.ended.isEmpty)
        pair.server.end(answered)
        try pair.settle()
        #expect(pair.clientEvents.bodies[stream.id] == Array("one two three".utf8))
        #expect(pair.clientEvents.ended == [stream.id])
    }

    @Test("Answering from within the callback works")
    func answerInside() throws {
        let pair = try SessionPair()
        pair.serverEvents.onHead = { [unowned pair] stream in
            try? pair.server.respond(stream, status: 204, fields: HeaderList(), body: [])
        }
        let streams = try (0..<100).map { _ in try pair.get().id }
        try pair.settle()
        #expect(Set(pair.clientEvents.closed.keys) == Set(streams))
        #expect(
            pair.clientEvents.heads.allSatisfy { $0.head.status == 204 && !$0.head.fields.contains("content-length") }
        )
    }

    @Test("A second answer is refused as misuse, not sent")
    func answeredTwice() throws {
        let pair = try SessionPair()
        _ = try pair.get()
        try pair.settle()
        let stream = try #require(pair.server.streams.first)
        try pair.server.begin(stream, status: 200, fields: HeaderList())
        #expect(throws: HTTP2Error.self) {
            try pair.server.respond(stream, status: 200, fields: HeaderList(), body: [])
        }
    }

    @Test("100 Continue is not taken for the answer")
    func informational() throws {
        let pair = try SessionPair()
        let stream = try pair.get()
        try pair.settle()
        let answered = try #require(pair.server.stream(stream.id))
        try pair.server.sendContinue(answered)
        try pair.settle()
        #expect(pair.clientEvents.heads.isEmpty)
        try pair.server.respond(answered, status: 200, fields: HeaderList(), body: [1])
        try pair.settle()
        #expect(pair.clientEvents.heads.map(\.head.status) == [200])
    }

    @Test("Fields of an HTTP/1.1 connection are left out")
    func connectionFields() throws {
        let pair = try SessionPair()
        var fields = HeaderList()
        fields.add("Connection", "close")
        fields.add("x-kept", "1")
        fields.add("Transfer-Encoding", "chunked")
        let stream = try pair.get("/", fields: fields)
        try pair.settle()
        #expect(pair.serverEvents.heads.first?.head.fields.count == 1)
        try pair.server.respond(#require(pair.server.stream(stream.id)), status: 200, fields: fields, body: [])
        try pair.settle()
        #expect(pair.clientEvents.heads.first?.head.fields["x-kept"] == "1")
        #expect(pair.clientEvents.heads.first?.head.fields["connection"] == nil)
    }

    @Test("Ping is answered")
    func ping() throws {
        let pair = try SessionPair()
        pair.client.ping()
        try pair.settle()
        #expect(pair.clientEvents.pings == 1)
    }
}
