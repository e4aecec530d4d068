import Synchronization
import Testing
import Transport

@Suite("Limits of the wire")
struct LimitTests {
    /// The preface and an empty SETTINGS frame.
    static let opening = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

    /// `GET /` of the authority `a`: from HPACK's static table, and one literal.
    static let fields: [UInt8] = [0x82, 0x86, 0x84, 0x01, 0x01, 0x61]

    /// `GET /` on a stream: HEADERS with END_STREAM and END_HEADERS.
    static func get(_ stream: Int) -> [UInt8] {
        [0, 0, UInt8(fields.count), 1, 5, 0, 0, UInt8(stream >> 8), UInt8(stream & 255)] + fields
    }

    @Test("A body too long is answered 413, by announcement and by growth; the connection goes on")
    func bodyTooLong() async throws {
        let handler = TestHandler(mode: { _ in .buffered(maxBytes: 1000) })
        try await withServer(handler) { server, client, _ in
            let announced = try await client.send(
                HTTPClientRequest(method: "POST", path: "/", body: [UInt8](repeating: 1, count: 1001))
            )
            #expect(announced.status == 413)
            let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
            _ = try? await stream.write([UInt8](repeating: 1, count: 2000))
            let head = try await stream.response()
            #expect(head.status == 413)
            let right = try await client.send(
                HTTPClientRequest(method: "POST", path: "/", body: [UInt8](repeating: 1, count: 1000))
            )
            #expect(right.status == 200)
            #expect(server.connectionCounts.accepted == 1)
        }
    }

    @Test("Header fields above the limits are answered 431; the connection goes on")
    func headerTooLarge() async throws {
        var limits = HTTPLimits()
        limits.maxHeaderBytes = 4096
        limits.maxHeaderFieldBytes = 1024
        try await withServer(limits: limits) { server, client, _ in
            let long = HTTPFields(dictionaryLiteral: ("x", String(repeating: "a", count: 1024)))
            let one = try await client.send(HTTPClientRequest(path: "/", headers: long))
            #expect(one.status == 431)
            var many = HTTPFields()
            for index in 0..<50 { many.add("x-\(index)", String(repeating: "a", count: 100)) }
            let all = try await client.send(HTTPClientRequest(method: "POST", path: "/", headers: many, body: [1]))
            #expect(all.status == 431)
            let right = try await client.send(HTTPClientRequest(path: "/"))
            #expect(right.status == 200)
            #expect(server.connectionCounts.accepted == 1)
        }
    }

    @Test("Rapid reset: the attacker loses its connection, others do not notice")
    func rapidReset() async throws {
        let begun = Atomic<Int>(0)
        let handler = TestHandler(answer: { head, _ in
            if head.path == "/" {
                begun.add(1, ordering: .relaxed)
                try? await Task.sleep(for: .seconds(60))
            }
            return .text(200, "")
        })
        var limits = HTTPLimits()
        limits.resetBurst = 100
        limits.resetRate = 1
        try await withServer(handler, limits: limits) { _, client, port in
            let raw = try await RawConnection(port: port)
            try await raw.send(Self.opening)
            for round in 0..<40 {
                var bytes: [UInt8] = []
                for step in 0..<50 {
                    let stream = 2 * (round * 50 + step) + 1
                    bytes += Self.get(stream)
                    bytes += [0, 0, 4, 3, 0, 0, 0, UInt8(stream >> 8), UInt8(stream & 255), 0, 0, 0, 8]
                }
                guard (try? await raw.send(bytes)) != nil else { break }
            }
            #expect(await eventually { raw.isClosed })
            #expect(begun.load(ordering: .relaxed) > 0)
            #expect(begun.load(ordering: .relaxed) <= 250)
            let other = try await client.send(HTTPClientRequest(path: "/other"))
            #expect(other.status == 200)
        }
    }

    @Test("A ping flood ends its connection")
    func pingFlood() async throws {
        var limits = HTTPLimits()
        limits.writeTimeout = .milliseconds(500)
        try await withServer(limits: limits) { _, client, port in
            let raw = try await RawConnection(port: port)
            try await raw.stopReading()
            try await raw.send(Self.opening)
            let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
            let burst = (0..<10_000).flatMap { _ in ping }
            var hasEnded = false
            for _ in 0..<200 where !hasEnded {
                hasEnded = (try? await raw.send(burst)) == nil
            }
            #expect(hasEnded)
            let other = try await client.send(HTTPClientRequest(path: "/other"))
            #expect(other.status == 200)
        }
    }

    @Test("A preface sent byte by byte is waited for")
    func preface() async throws {
        try await withServer { _, _, port in
            let slow = try await RawConnection(port: port)
            for byte in Self.opening { try await slow.send([byte]) }
            try await slow.send(Self.get(1))
            #expect(await eventually { slow.bytes.count > 40 })
            #expect(!slow.isClosed)
            await slow.close()
        }
    }

    @Test("A preface that does not end loses the connection")
    func slowPreface() async throws {
        var limits = HTTPLimits()
        limits.handshakeTimeout = .milliseconds(500)
        try await withServer(limits: limits) { _, _, port in
            let stuck = try await RawConnection(port: port, first: Array("PRI * HTTP/2.0\r\n\r\nSM".utf8))
            let silent = try await RawConnection(port: port)
            #expect(await eventually { stuck.isClosed && silent.isClosed })
            #expect(stuck.bytes.isEmpty)
        }
    }

    @Test("A header block that does not end loses the connection")
    func slowHeaders() async throws {
        var limits = HTTPLimits()
        limits.handshakeTimeout = .milliseconds(500)
        try await withServer(limits: limits) { _, _, port in
            let raw = try await RawConnection(port: port, first: Self.opening + [0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82])
            #expect(await eventually { raw.isClosed })
        }
    }

    @Test("A body that does not end is answered 408")
    func slowBody() async throws {
        var limits = HTTPLimits()
        limits.bodyTimeout = .milliseconds(200)
        try await withServer(limits: limits) { _, client, _ in
            let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
            try await stream.write([1, 2, 3])
            let head = try await stream.response()
            #expect(head.status == 408)
        }
    }

    @Test("An idle connection is told and closed, a busy one is not")
    func idle() async throws {
        var limits = HTTPLimits()
        limits.idleTimeout = .milliseconds(200)
        let handler = TestHandler(answer: { _, _ in
            try? await Task.sleep(for: .milliseconds(600))
            return .text(200, "slow")
        })
        try await withServer(handler, limits: limits) { server, client, _ in
            let response = try await client.send(HTTPClientRequest(path: "/"))
            #expect(response.status == 200)
            #expect(await eventually { server.connectionCounts.open == 0 })
            let again = try await client.send(HTTPClientRequest(path: "/"))
            #expect(again.status == 200)
            #expect(server.connectionCounts.accepted == 2)
        }
    }

    @Test("A silent client with an open request is asked whether it lives, and closed when it does not answer")
    func liveness() async throws {
        var limits = HTTPLimits()
        limits.livenessInterval = .milliseconds(100)
        limits.livenessTimeout = .milliseconds(300)
        let cancelled = Signal()
        let handler = TestHandler(answer: { _, _ in
            do { try await Task.sleep(for: .seconds(60)) } catch { cancelled.set() }
            return .text(200, "")
        })
        try await withServer(handler, limits: limits) { _, _, port in
            let raw = try await RawConnection(port: port, first: Self.opening + Self.get(1))
            await cancelled.wait()
            #expect(await eventually { raw.isClosed })
        }
    }

    @Test("A client that never reads its answers is cut off and its memory given back")
    func writeStall() async throws {
        var limits = HTTPLimits()
        limits.writeTimeout = .milliseconds(300)
        let handler = TestHandler(answer: { _, _ in
            HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: 32 << 20))
        })
        try await withServer(handler, limits: limits) { server, _, port in
            let raw = try await RawConnection(port: port)
            try await raw.stopReading()
            // The largest windows: only the socket holds the server back.
            try await raw.send(
                Self.opening + [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0x7F, 0xFF, 0xFF, 0xFF]
                    + [0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7F, 0, 0, 0] + Self.get(1) + Self.get(3)
            )
            #expect(await eventually { server.connectionCounts.open == 1 })
            #expect(await eventually { server.connectionCounts.open == 0 })
            await raw.close()
        }
    }

    @Test("A stream whose window stays shut is reset, others of its connection go on")
    func streamStall() async throws {
        var limits = HTTPLimits()
        limits.writeTimeout = .milliseconds(300)
        let handler = TestHandler(answer: { head, _ in
            HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: head.path == "/big" ? 8 << 20 : 1))
        })
        try await withServer(handler, limits: limits) { _, client, _ in
            let stream = client.open(HTTPClientRequest(path: "/big"))
            stream.finish()
            _ = try await stream.response()
            try await Task.sleep(for: .milliseconds(700))
            await #expect(throws: TransportError.self) { try await stream.body.collect(maxBytes: 16 << 20) }
            let other = try await client.send(HTTPClientRequest(path: "/small"))
            #expect(other.status == 200)
        }
    }

    @Test("Requests are refused while too much output waits on their connection")
    func pendingOutput() async throws {
        var limits = HTTPLimits()
        limits.maxPendingOutputPerConnection = 4 << 20
        var configuration = HTTPClientConfiguration()
        configuration.maxSafeRetries = 0
        let handler = TestHandler(answer: { head, _ in
            HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: head.path == "/big" ? 8 << 20 : 1))
        })
        try await withServer(handler, limits: limits, client: configuration) { _, client, _ in
            let stream = client.open(HTTPClientRequest(path: "/big"))
            stream.finish()
            _ = try await stream.response()
            await #expect {
                try await client.send(HTTPClientRequest(path: "/small"))
            } throws: {
                let error = $0 as? TransportError
                return error?.code == .refused && error?.isSafeToRetry == true
            }
            let body = try await stream.body.collect(maxBytes: 8 << 20)
            #expect(body.count == 8 << 20)
            let after = try await client.send(HTTPClientRequest(path: "/small"))
            #expect(after.status == 200)
        }
    }

    @Test("Bodies being gathered on one connection are bounded together")
    func gathered() async throws {
        var limits = HTTPLimits()
        limits.maxGatheredBytesPerConnection = 1 << 20
        try await withServer(limits: limits) { _, client, _ in
            var streams: [HTTPClientStream] = []
            for _ in 0..<4 {
                let stream = client.open(HTTPClientRequest(method: "POST", path: "/"))
                try? await stream.write([UInt8](repeating: 1, count: 300_000))
                streams.append(stream)
            }
            let last = try await streams[3].response()
            #expect(last.status == 503)
            #expect(last.headers["retry-after"] == "1")
            for stream in streams.prefix(3) {
                stream.finish()
                let head = try await stream.response()
                #expect(head.status == 200)
            }
        }
    }

    @Test("Connections above the limit are closed at once")
    func connections() async throws {
        var limits = HTTPLimits()
        limits.maxConnections = 3
        try await withServer(limits: limits) { server, client, port in
            _ = try await client.send(HTTPClientRequest(path: "/"))
            // Connections are taken up by several event loops: one after the other keeps their order.
            let second = try await RawConnection(port: port)
            #expect(await eventually { server.connectionCounts.open == 2 })
            let third = try await RawConnection(port: port)
            #expect(await eventually { server.connectionCounts.open == 3 })
            let fourth = try await RawConnection(port: port)
            #expect(await eventually { fourth.isClosed })
            #expect(!second.isClosed && !third.isClosed)
            #expect(server.connectionCounts.refused == 1)
            let again = try await client.send(HTTPClientRequest(path: "/"))
            #expect(again.status == 200)
            await second.close()
            #expect(await eventually { server.connectionCounts.open == 2 })
            let fifth = try await RawConnection(port: port)
            #expect(await eventually { server.connectionCounts.open == 3 })
            #expect(!fifth.isClosed)
            await third.close()
            await fifth.close()
        }
    }

    @Test("Random bytes never stop the server", arguments: 0..<8)
    func randomBytes(seed: UInt64) async throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next() -> UInt8 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        try await withServer { _, client, port in
            for round in 0..<20 {
                let raw = try await RawConnection(port: port)
                var bytes = round % 2 == 0 ? Self.opening : []
                // Plausible frames with wild contents, or plain noise.
                for _ in 0..<20 {
                    let length = next() % 40
                    if round % 2 == 0 {
                        bytes += [0, 0, length, next() % 11, next(), 0, 0, 0, next() % 8]
                    }
                    bytes += (0..<length).map { _ in next() }
                }
                try? await raw.send(bytes)
                await raw.close()
            }
            let alive = try await client.send(HTTPClientRequest(path: "/"))
            #expect(alive.status == 200)
        }
    }
}
