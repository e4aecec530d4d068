import Identifiers
import NIOCore
import NIOPosix
import ShardProtocol
import ShardService
import ShardStore
import Testing
import Transport

@Suite("A shard over the wire")
struct ShardServerTests {
    @Test func answersOverTheWireAsInProcess() async throws {
        try await withNode { node in
            var operations = OperationWriter()
            operations.put(.home, StoreKey(7), [UInt8](repeating: 9, count: 100_000))
            try await node.remote.commit(
                CommitRequest(epoch: Epoch(2), number: 1, through: Sequence(5), operations: operations.bytes)
            )
            let request = ReadRequest(rows: [.init(.home, StoreKey(7)), .init(.home, StoreKey(8))])
            let answer = try await node.remote.read(request)
            #expect(answer.values.first == [UInt8](repeating: 9, count: 100_000))
            #expect(try await InProcessShard(node.store).read(request) == answer)
            #expect(try await node.remote.status().through == Sequence(5))
        }
    }

    @Test func errorsKeepTheirKindOnTheWay() async throws {
        try await withNode { node in
            _ = try await node.remote.fence(Epoch(3))
            await #expect(throws: ShardError.staleEpoch(highest: Epoch(3))) {
                try await node.remote.commit(
                    CommitRequest(epoch: Epoch(2), number: 1, through: Sequence(1), operations: [])
                )
            }
            let version = RuleSetVersion(digest: 77)
            await #expect(throws: ShardError.unknownRuleSet(version)) {
                _ = try await node.remote.candidates(CandidatesRequest(rules: version, floor: .zero, queries: []))
            }
            do throws(ShardError) {
                _ = try await node.remote.install(rules: [1, 2, 3])
                Issue.record("three bytes are no rule set")
            } catch {
                guard case .badRequest = error else {
                    Issue.record("\(error) is not a bad request")
                    return
                }
            }
        }
    }

    @Test func answersHealthAndMetricsAndRefusesWhatItDoesNotKnow() async throws {
        try await withNode { node in
            let live = try await node.client.send(HTTPClientRequest(path: "/health/live"))
            #expect(live.status == 200)
            #expect(try await node.client.send(HTTPClientRequest(path: "/health/ready")).status == 200)
            let metrics = try await node.client.send(HTTPClientRequest(path: "/metrics"))
            #expect(String(decoding: metrics.body, as: UTF8.self).contains("tessera_store_rows{table=\"home\"} 0"))
            #expect(try await node.client.send(HTTPClientRequest(path: "/other")).status == 404)
            #expect(try await node.client.send(HTTPClientRequest(path: "/shard/v1")).status == 405)
            let broken = try await node.client.send(
                HTTPClientRequest(method: "POST", path: "/shard/v1", body: [1, 2, 3])
            )
            let answer = try broken.body.withUnsafeBytes { try MessageFrame.decodeAnswer($0) }
            guard case .failure(.badRequest) = answer else {
                Issue.record("a broken message is a bad request")
                return
            }
        }
    }

    @Test func saysWhileItRecoversThatItIsNotReady() async throws {
        let server = try ShardServer(configuration: .init(), group: .singletonMultiThreadedEventLoopGroup)
        let address = try await server.start()
        let client = try HTTPClient(
            endpoint: Endpoint(host: "127.0.0.1", port: try #require(address.port)),
            group: .singletonMultiThreadedEventLoopGroup
        )
        #expect(try await client.send(HTTPClientRequest(path: "/health/live")).status == 200)
        #expect(try await client.send(HTTPClientRequest(path: "/health/ready")).status == 503)
        let shard = RemoteShard(client)
        await #expect(throws: ShardError.unavailable("the shard is recovering")) { _ = try await shard.status() }
        await client.close()
        await server.stop(timeout: .seconds(1))
    }

    @Test func whereNobodyAnswersTheShardIsUnavailable() async throws {
        let client = try HTTPClient(
            endpoint: Endpoint(host: "127.0.0.1", port: 1),
            group: .singletonMultiThreadedEventLoopGroup
        )
        var patience = RemoteShard.Patience()
        patience.attempts = 2
        patience.pause = .milliseconds(1)
        let shard = RemoteShard(client, patience: patience)
        do {
            _ = try await shard.status()
            Issue.record("nobody can have answered")
        } catch {
            guard case .unavailable = error else {
                Issue.record("\(error) is not unavailable")
                return
            }
        }
        await client.close()
    }
}
