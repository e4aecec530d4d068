import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing
import Transport

/// Connections whose other end is gone without a word.
@Suite("Silent peers")
struct SilentPeerTests {
    /// Listens, and passes what comes on the first connection to nobody.
    private final class Hole: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let opened = NIOLockedValueBox(0)
        let closed = NIOLockedValueBox(0)

        func channelActive(context: ChannelHandlerContext) { opened.withLockedValue { $0 += 1 } }

        func channelInactive(context: ChannelHandlerContext) { closed.withLockedValue { $0 += 1 } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
    }

    private func withHole(
        _ configuration: HTTPClientConfiguration,
        _ body: (HTTPClient, Hole) async throws -> Void
    ) async throws {
        let hole = Hole()
        let listener = try await ServerBootstrap(group: Loops.shared)
            .childChannelInitializer { $0.pipeline.addHandler(hole) }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let client = try HTTPClient(
            endpoint: Endpoint(host: "127.0.0.1", port: port),
            configuration: configuration,
            group: Loops.shared
        )
        try await body(client, hole)
        await client.close(timeout: .zero)
        try await listener.close()
    }

    @Test("A connection on which a deadline passed is given up when no sign of life comes", .timeLimit(.minutes(1)))
    func afterADeadline() async throws {
        var configuration = HTTPClientConfiguration()
        // Nobody is asked because of silence alone while the test lasts.
        configuration.livenessInterval = .seconds(600)
        configuration.livenessTimeout = .milliseconds(200)
        try await withHole(configuration) { client, hole in
            await #expect {
                try await client.send(HTTPClientRequest(path: "/"), deadline: .milliseconds(300))
            } throws: {
                ($0 as? TransportError)?.code == .deadlineExceeded
            }
            #expect(await eventually { hole.closed.withLockedValue { $0 } == 1 })
        }
    }

    @Test(
        "A server that was asked whether it lives is given up also when nobody waits any more",
        .timeLimit(.minutes(1))
    )
    func afterTheLastCall() async throws {
        var configuration = HTTPClientConfiguration()
        configuration.livenessInterval = .milliseconds(10)
        configuration.livenessTimeout = .milliseconds(500)
        try await withHole(configuration) { client, hole in
            let call = Task { try await client.send(HTTPClientRequest(path: "/")) }
            #expect(await eventually { hole.opened.withLockedValue { $0 } == 1 })
            try await Task.sleep(for: .milliseconds(100))
            call.cancel()
            _ = await call.result
            #expect(await eventually { hole.closed.withLockedValue { $0 } == 1 })
        }
    }
}
