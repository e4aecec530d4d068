import Testing
import Transport

@Suite("HTTP/1.1 on the same port")
struct HTTP1Tests {
    private func exchange(
        _ bytes: String,
        until expected: String,
        _ handler: TestHandler = TestHandler(),
        limits: HTTPLimits = HTTPLimits()
    ) async throws -> String {
        var text = ""
        try await withServer(handler, limits: limits) { _, _, port in
            let raw = try await RawConnection(port: port, first: Array(bytes.utf8))
            #expect(await eventually { raw.text.contains(expected) || raw.isClosed })
            text = raw.text
            await raw.close()
        }
        return text
    }

    @Test("Requests sent ahead on one connection are answered in order")
    func pipelining() async throws {
        let handler = TestHandler(answer: { head, body in
            if head.path == "/1" { try? await Task.sleep(for: .milliseconds(30)) }
            return .text(200, "<\(head.path)\(String(decoding: body, as: UTF8.self))>")
        })
        let text = try await exchange(
            "GET /1 HTTP/1.1\r\nhost: a\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhiGET /3 HTTP/1.1\r\nhost: a\r\n\r\n",
            until: "</3>",
            handler
        )
        let first = try #require(text.firstRange(of: "</1>"))
        let second = try #require(text.firstRange(of: "</2hi>"))
        let third = try #require(text.firstRange(of: "</3>"))
        #expect(first.upperBound < second.lowerBound)
        #expect(second.upperBound < third.lowerBound)
    }

    @Test("A chunked body arrives whole")
    func chunked() async throws {
        let text = try await exchange(
            "POST /c HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            until: "abcde"
        )
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.hasSuffix("\r\n\r\nabcde"))
        #expect(text.contains("content-length: 5\r\n"))
    }

    @Test("Expect: 100-continue is answered before the body comes")
    func expectContinue() async throws {
        try await withServer { _, _, port in
            let raw = try await RawConnection(port: port)
            try await raw.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\nexpect: 100-continue\r\n\r\n")
            #expect(await eventually { raw.text == "HTTP/1.1 100 Continue\r\n\r\n" })
            try await raw.send("abc")
            #expect(await eventually { raw.text.hasSuffix("\r\n\r\nabc") })
            await raw.close()
        }
    }

    @Test("A body too long by its announcement is answered 413 without 100 Continue")
    func expectTooLong() async throws {
        let text = try await exchange(
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9999999\r\nexpect: 100-continue\r\n\r\n",
            until: "allowed here"
        )
        #expect(text.hasPrefix("HTTP/1.1 413 "))
        #expect(text.contains("connection: close"))
    }

    @Test("A chunked body that grows too long is answered 413")
    func chunkedTooLong() async throws {
        let handler = TestHandler(mode: { _ in .buffered(maxBytes: 4) })
        let text = try await exchange(
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n",
            until: "allowed here",
            handler
        )
        #expect(text.hasPrefix("HTTP/1.1 413 "))
    }

    @Test(
        "Broken requests are answered 400",
        arguments: [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
            "GET nonsense HTTP/1.1\r\nhost: a\r\n\r\n",
            "G\u{1}T / HTTP/1.1\r\nhost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\r\nbad header: x\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: abc\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        ]
    )
    func broken(request: String) async throws {
        let text = try await exchange(request, until: "valid HTTP")
        #expect(text.hasPrefix("HTTP/1.1 400 "))
        #expect(text.contains("connection: close"))
    }

    @Test("Header fields above the limit are answered 431")
    func headerTooLarge() async throws {
        var limits = HTTPLimits()
        limits.maxHeaderBytes = 2048
        let long = String(repeating: "a", count: 4000)
        let text = try await exchange(
            "GET / HTTP/1.1\r\nhost: a\r\nx: \(long)\r\n\r\n",
            until: "longer than allowed",
            limits: limits
        )
        #expect(text.hasPrefix("HTTP/1.1 431 "))
    }

    @Test("A head that does not end is answered 408")
    func slowHead() async throws {
        var limits = HTTPLimits()
        limits.handshakeTimeout = .milliseconds(500)
        let text = try await exchange("GET / HTTP/1.1\r\nhost: a\r\n", until: "in time", limits: limits)
        #expect(text.hasPrefix("HTTP/1.1 408 "))
    }

    @Test("A body that does not end is answered 408")
    func slowBody() async throws {
        var limits = HTTPLimits()
        limits.bodyTimeout = .milliseconds(200)
        let text = try await exchange(
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc",
            until: "in time",
            limits: limits
        )
        #expect(text.hasPrefix("HTTP/1.1 408 "))
    }

    @Test("A connection without requests is closed after the idle time, one that waits for its answer is not")
    func idle() async throws {
        var limits = HTTPLimits()
        limits.idleTimeout = .milliseconds(100)
        let handler = TestHandler(answer: { _, _ in
            try? await Task.sleep(for: .milliseconds(400))
            return .text(200, "slow")
        })
        try await withServer(handler, limits: limits) { _, _, port in
            let raw = try await RawConnection(port: port)
            try await raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            #expect(await eventually { raw.text.hasSuffix("slow") })
            #expect(await eventually { raw.isClosed })
        }
    }

    @Test("Keep-alive and close are honoured")
    func keepAlive() async throws {
        try await withServer { server, _, port in
            let raw = try await RawConnection(port: port)
            try await raw.send("GET /1 HTTP/1.1\r\nhost: a\r\n\r\n")
            #expect(await eventually { raw.text.contains("x-path: /1") })
            try await raw.send("GET /2 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            #expect(await eventually { raw.isClosed })
            #expect(raw.text.contains("x-path: /2"))
            #expect(raw.text.contains("connection: close"))
            let old = try await RawConnection(port: port)
            try await old.send("GET /3 HTTP/1.0\r\n\r\n")
            #expect(await eventually { old.isClosed })
            #expect(old.text.contains("x-path: /3"))
            #expect(server.connectionCounts.accepted == 2)
        }
    }

    @Test("A streamed answer is chunked")
    func streamedAnswer() async throws {
        let handler = TestHandler(
            mode: { _ in .streamed },
            streamed: { _, body, writer in
                do {
                    try writer.start(status: 200)
                    for try await chunk in body { try await writer.write(chunk) }
                    try await writer.write(Array("end".utf8))
                    try writer.finish()
                } catch {
                    writer.abort()
                }
            }
        )
        let text = try await exchange(
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc",
            until: "0\r\n\r\n",
            handler
        )
        #expect(text.contains("transfer-encoding: chunked\r\n"))
        #expect(text.hasSuffix("3\r\nabc\r\n3\r\nend\r\n0\r\n\r\n"))
    }

    @Test("A streamed body that is not read stops the client")
    func streamedBackpressure() async throws {
        let release = Signal()
        let handler = TestHandler(
            mode: { _ in .streamed },
            streamed: { _, body, writer in
                await release.wait()
                let count = (try? await body.collect(maxBytes: 64 << 20))?.count
                try? await writer.send(.text(200, "got \(count ?? -1)"))
            }
        )
        try await withServer(handler) { _, _, port in
            let raw = try await RawConnection(port: port)
            let total = 32 << 20
            try await raw.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: \(total)\r\n\r\n")
            let sent = Signal()
            let sending = Task {
                try await raw.send([UInt8](repeating: 65, count: total))
                sent.set()
            }
            try await Task.sleep(for: .milliseconds(300))
            #expect(!sent.isSet)
            release.set()
            try await sending.value
            #expect(await eventually { raw.text.hasSuffix("got \(total)") })
            await raw.close()
        }
    }

    @Test("A target in absolute form is taken for its path")
    func absoluteForm() async throws {
        let text = try await exchange("GET http://a:80/p?q=1 HTTP/1.1\r\nhost: a\r\n\r\n", until: "x-path")
        #expect(text.contains("x-path: /p?q=1\r\n"))
    }

    @Test("Bytes one at a time are still a request")
    func trickle() async throws {
        try await withServer { _, _, port in
            let raw = try await RawConnection(port: port)
            for byte in "PUT /t HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx".utf8 {
                try await raw.send([byte])
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(await eventually { raw.text.hasSuffix("\r\n\r\nx") })
            await raw.close()
        }
    }
}
