import Foundation
import NIOCore
import NIOPosix
import ShardProtocol
import ShardService
import ShardStore
import Testing
import Transport

/// A shard node on a port of its own, with a client of it.
struct TestNode: Sendable {
    let store: ShardStore
    let client: HTTPClient
    let remote: RemoteShard
}

/// Runs a test against a node, then takes the node down.
func withNode(speaks: SpokenVersions = .all, _ body: (TestNode) async throws -> Void) async throws {
    let directory = NSTemporaryDirectory() + "shard-test-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try ShardStore(directory: directory)
    let server = try ShardServer(configuration: .init(), speaks: speaks, group: .singletonMultiThreadedEventLoopGroup)
    server.serve(store)
    let address = try await server.start()
    let client = try HTTPClient(
        endpoint: Endpoint(host: "127.0.0.1", port: try #require(address.port)),
        group: .singletonMultiThreadedEventLoopGroup
    )
    let result: Result<Void, any Error>
    do {
        try await body(TestNode(store: store, client: client, remote: RemoteShard(client)))
        result = .success(())
    } catch {
        result = .failure(error)
    }
    await client.close()
    await server.stop(timeout: .seconds(1))
    await store.close()
    try result.get()
}
