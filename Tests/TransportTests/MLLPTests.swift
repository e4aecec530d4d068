import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import Transport

/// Answers with the message and a number; can be made slow.
private struct CountingEcho: MLLPApplication {
    let count = NIOLockedValueBox(0)
    var gate: Signal?

    func answer(_ message: [UInt8], from peer: PeerInfo) async -> [UInt8]? {
        if let gate { await gate.wait() }
        let number = count.withLockedValue { count in
            count += 1
            return count
        }
        return message + Array("#\(number)".utf8)
    }
}

extension RawConnection {
    /// Waits for so many bytes, or for the end of the connection.
    fileprivate func receive(_ count: Int) async -> [UInt8] {
        while bytes.count < count, !isClosed { await Task.yield() }
        return bytes
    }

    fileprivate func waitUntilClosed() async {
        while !isClosed { await Task.yield() }
    }
}

@Suite("MLLP")
struct MLLPTests {
    private func withServer(
        _ application: CountingEcho = CountingEcho(),
        limits: MLLPLimits = MLLPLimits(),
        _ body: (MLLPServer, Int) async throws -> Void
    ) async throws {
        let server = try MLLPServer(
            configuration: MLLPServerConfiguration(limits: limits),
            group: Loops.shared,
            application: application
        )
        let port = try #require(try await server.start().port)
        do {
            try await body(server, port)
        } catch {
            await server.drain(timeout: .zero)
            throw error
        }
        await server.drain(timeout: .seconds(2))
    }

    @Test("Frames are found however the bytes are cut, and answered in order")
    func cutting() async throws {
        try await withServer { _, port in
            let connection = try await RawConnection(port: port)
            for byte in MLLPFrame.framed(Array("one".utf8)) { try await connection.send([byte]) }
            try await connection.send(
                MLLPFrame.framed(Array("two".utf8)) + [0x0A] + MLLPFrame.framed(Array("three".utf8))
            )
            let expected = ["one#1", "two#2", "three#3"].flatMap { MLLPFrame.framed(Array($0.utf8)) }
            #expect(await connection.receive(expected.count) == expected)
        }
    }

    @Test("Bytes out of frame end the connection, after what came before was answered")
    func unframed() async throws {
        try await withServer { _, port in
            let connection = try await RawConnection(port: port)
            try await connection.send(MLLPFrame.framed(Array("one".utf8)) + Array("GET / HTTP/1.1".utf8))
            await connection.waitUntilClosed()
            #expect(connection.bytes == MLLPFrame.framed(Array("one#1".utf8)))
            let other = try await RawConnection(port: port, first: MLLPFrame.framed([0x41]))
            #expect(await other.receive(6) == MLLPFrame.framed(Array("A#2".utf8)))
        }
    }

    @Test("A message without end is cut at the limit")
    func tooLong() async throws {
        var limits = MLLPLimits()
        limits.maxMessageBytes = 1_000
        try await withServer(limits: limits) { _, port in
            let connection = try await RawConnection(port: port)
            try await connection.send([MLLPFrame.start] + [UInt8](repeating: 0x41, count: 1_001))
            await connection.waitUntilClosed()
            #expect(connection.bytes.isEmpty)
        }
    }

    @Test("A connection over the limit is closed, the others live on")
    func connections() async throws {
        var limits = MLLPLimits()
        limits.maxConnections = 1
        try await withServer(limits: limits) { server, port in
            let first = try await RawConnection(port: port, first: MLLPFrame.framed([0x41]))
            #expect(await first.receive(6) == MLLPFrame.framed(Array("A#1".utf8)))
            let second = try await RawConnection(port: port, first: MLLPFrame.framed([0x42]))
            await second.waitUntilClosed()
            #expect(second.bytes.isEmpty)
            #expect(server.connectionCounts.refused == 1)
        }
    }

    @Test("What makes no progress is closed")
    func timeouts() async throws {
        var limits = MLLPLimits()
        limits.messageTimeout = .milliseconds(50)
        limits.idleTimeout = .milliseconds(100)
        try await withServer(limits: limits) { _, port in
            let half = try await RawConnection(port: port, first: [MLLPFrame.start, 0x41])
            let idle = try await RawConnection(port: port)
            await half.waitUntilClosed()
            await idle.waitUntilClosed()
        }
    }

    @Test("Draining answers what was received")
    func drain() async throws {
        let gate = Signal()
        try await withServer(CountingEcho(gate: gate)) { server, port in
            let connection = try await RawConnection(port: port)
            try await connection.send(MLLPFrame.framed(Array("one".utf8)))
            while server.connectionCounts.open == 0 { await Task.yield() }
            async let end: Void = server.drain(timeout: .seconds(10))
            gate.set()
            await end
            await connection.waitUntilClosed()
        }
    }

    @Test("A client sends, waits, and connects again after a loss")
    func client() async throws {
        try await withServer { server, port in
            let client = try MLLPClient(endpoint: Endpoint(host: "127.0.0.1", port: port), group: Loops.shared)
            #expect(try await client.send(Array("a".utf8)) == Array("a#1".utf8))
            client.close()
            #expect(try await client.send(Array("b".utf8)) == Array("b#2".utf8))
            client.close()
        }
        let nobody = try MLLPClient(endpoint: Endpoint(host: "127.0.0.1", port: 1), group: Loops.shared)
        let error = await #expect(throws: TransportError.self) { try await nobody.send([0x41]) }
        #expect(error?.isSafeToRetry == true)
    }

    @Test("Under TLS the certificate of the other end is told")
    func underTLS() async throws {
        struct Name: MLLPApplication {
            func answer(_ message: [UInt8], from peer: PeerInfo) async -> [UInt8]? {
                Array((peer.certificate?.commonName ?? "nobody").utf8)
            }
        }
        let files = try await Certificates.make()
        defer { files.remove() }
        let server = try MLLPServer(
            configuration: MLLPServerConfiguration(
                tls: TLSServerConfiguration(
                    certificatePath: files.path("server.pem"),
                    keyPath: files.path("server.key"),
                    clientAuthoritiesPath: files.path("ca.pem"),
                    clientVerification: .required
                )
            ),
            group: Loops.shared,
            application: Name()
        )
        let port = try #require(try await server.start().port)
        let client = try MLLPClient(
            endpoint: Endpoint(
                host: "127.0.0.1",
                port: port,
                tls: TLSClientConfiguration(
                    authoritiesPath: files.path("ca.pem"),
                    certificatePath: files.path("client.pem"),
                    keyPath: files.path("client.key")
                )
            ),
            group: Loops.shared
        )
        #expect(try await client.send([0x41]) == Array("clinic-7".utf8))
        client.close()
        await server.drain(timeout: .seconds(1))
    }
}
