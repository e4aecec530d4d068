import NIOCore
import NIOPosix
import Testing
import Transport

@testable import Etcd

/// Members that are away without anybody being told: a network that was cut, a machine that lost its power.
struct SilentMemberTests {
    /// Answers every call with one message.
    private struct Member: HTTPHandler {
        let message: [UInt8]

        func respond(to head: HTTPRequestHead, body: [UInt8]) async -> HTTPResponse {
            HTTPResponse(status: 200, headers: ["grpc-status": "0"], body: GRPCFrame.encoded(message))
        }
    }

    /// No member's time runs out while the test lasts: what is answered was asked of another one beside it.
    private func withMembers(
        _ silent: [SilentEndpoint],
        answering message: [UInt8],
        _ body: (EtcdClient) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try HTTPServer(
            configuration: HTTPServerConfiguration(),
            group: group,
            handler: Member(message: message)
        )
        let address = try await server.start()
        let port = try #require(address.port)
        var configuration = HTTPClientConfiguration()
        configuration.connectTimeout = .seconds(600)
        configuration.livenessTimeout = .seconds(600)
        let clients = try (silent.map(\.port) + [port]).map {
            try HTTPClient(endpoint: Endpoint(host: "127.0.0.1", port: $0), configuration: configuration, group: group)
        }
        try await body(EtcdClient(members: clients, deadline: .seconds(600), patience: .milliseconds(20)))
        for client in clients { await client.close(timeout: .zero) }
        await server.stop()
    }

    private func silent() throws -> [SilentEndpoint] {
        [try SilentEndpoint(.neverAnswers), try SilentEndpoint(.neverConnects)]
    }

    @Test(.timeLimit(.minutes(2)))
    func aQuestionDoesNotWaitForASilentMember() async throws {
        // RangeResponse { header { revision: 9 } }
        try await withMembers(try silent(), answering: [0x0A, 2, 0x18, 9]) { etcd in
            let range = try await etcd.read(.one("a"))
            #expect(range.revision == 9)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func aLeaseIsRenewedThoughMembersAreSilent() async throws {
        // LeaseKeepAliveResponse { ID: 7, TTL: 3 }
        try await withMembers(try silent(), answering: [0x10, 7, 0x18, 3]) { etcd in
            let lease = try await etcd.keepAlive(7)
            #expect(lease.seconds == 3)
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func whoAnsweredIsAskedFirst() async throws {
        try await withMembers(try silent(), answering: [0x0A, 2, 0x18, 9]) { etcd in
            _ = try await etcd.read(.one("a"))
            // A transaction is asked of one member alone: the silent ones would hold it up for ten minutes.
            let outcome = try await etcd.perform(EtcdTransaction(steps: [.read(.one("a"))]))
            #expect(outcome.revision == 9)
        }
    }
}
