import HTTP2
import Testing

@Suite("Limits of a session")
struct LimitTests {
    @Test("Header fields above the limit are told as such, and the session goes on")
    func headerTooLarge() throws {
        var limits = SessionLimits()
        limits.maxHeaderBytes = 4096
        let pair = try SessionPair(server: limits)
        pair.serverEvents.onTooLarge = { [unowned pair] stream in
            try? pair.server.respond(stream, status: 431, fields: HeaderList(), body: [])
        }
        var fields = HeaderList()
        fields.add("x-long", String(repeating: "a", count: 5000))
        let bad = try pair.get("/bad", fields: fields)
        let good = try pair.get("/good")
        try pair.settle()
        #expect(pair.serverEvents.tooLarge == [bad.id])
        #expect(pair.serverEvents.heads.map(\.head.path) == ["/good"])
        #expect(pair.clientEvents.heads.map(\.head.status) == [431])
        #expect(pair.server.stream(good.id) != nil)
    }

    @Test("One long field and too many fields are both too large")
    func singleField() throws {
        var limits = SessionLimits()
        limits.maxHeaderFieldBytes = 100
        limits.maxHeaderCount = 20
        let pair = try SessionPair(server: limits)
        var long = HeaderList()
        long.add("x", String(repeating: "a", count: 101))
        var many = HeaderList()
        for index in 0..<20 { many.add("x-\(index)", "1") }
        let first = try pair.get("/", fields: long)
        let second = try pair.get("/", fields: many)
        try pair.settle()
        #expect(pair.serverEvents.tooLarge == [first.id, second.id])
    }

    @Test("A header block far above the limit ends the connection")
    func headerBomb() throws {
        var limits = SessionLimits()
        limits.maxHeaderBytes = 1000
        let pair = try SessionPair(server: limits)
        var fields = HeaderList()
        for index in 0..<100 { fields.add("x-\(index)", String(repeating: "a", count: 100)) }
        _ = try pair.get("/", fields: fields)
        #expect(throws: HTTP2Error.self) { try pair.settle() }
    }

    @Test("A client that opens and resets without end loses its connection")
    func rapidReset() throws {
        var limits = SessionLimits()
        limits.resetBurst = 50
        limits.resetRate = 1
        let pair = try SessionPair(server: limits)
        try pair.settle()
        var opened = 0
        while opened < 200, pair.clientEvents.goAways.isEmpty {
            let stream = try pair.get()
            try pair.settle()
            pair.client.reset(stream, code: .cancel)
            try pair.settle()
            opened += 1
        }
        #expect(opened > 40)
        #expect(opened < 100)
        #expect(!pair.clientEvents.goAways.isEmpty)
    }

    @Test("A flood of pings whose answers are not read is an error")
    func pingFlood() throws {
        let pair = try SessionPair()
        try pair.settle()
        var ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 8)
        ping = (0..<300).flatMap { _ in ping }
        #expect {
            try pair.server.receive(ping.span)
        } throws: {
            ($0 as? HTTP2Error)?.code == .flooded
        }
    }

    @Test("A flood of settings whose acknowledgements are not read is an error")
    func settingsFlood() throws {
        let pair = try SessionPair()
        try pair.settle()
        let settings = (0..<300).flatMap { _ in [UInt8]([0, 0, 0, 4, 0, 0, 0, 0, 0]) }
        #expect(throws: HTTP2Error.self) { try pair.server.receive(settings.span) }
    }

    @Test("A header block in endless continuations is an error")
    func continuationFlood() throws {
        let pair = try SessionPair()
        try pair.settle()
        // HEADERS on stream 1 without END_HEADERS, then empty CONTINUATIONs.
        var bytes: [UInt8] = [0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82]
        for _ in 0..<50 { bytes += [0, 0, 0, 9, 0, 0, 0, 0, 1] }
        #expect(throws: HTTP2Error.self) { try pair.server.receive(bytes.span) }
    }

    @Test("Bytes that are no HTTP/2 are an error")
    func wrongPreface() throws {
        let events = Recorder()
        let server = try ServerSession(limits: SessionLimits(), events: events)
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        #expect(throws: HTTP2Error.self) { try server.receive(bytes.span) }
    }
}
