import Foundation
import Identifiers
import NIOCore
import NIOPosix
import ShardProtocol
import ShardStore
import Testing
import Transport

@testable import ShardService

@Suite("Members of two releases")
struct RollingUpgradeTests {
    private static var oldest: SpokenVersions {
        get throws { try #require(SpokenVersions(through: SpokenVersions.lowestKnown)) }
    }

    @Test(arguments: [(true, true), (true, false), (false, true)])
    func theyWorkTogether(_ isShardOld: Bool, _ isAskerOld: Bool) async throws {
        let shard = isShardOld ? try Self.oldest : .all
        let asker = isAskerOld ? try Self.oldest : .all
        try await withNode(speaks: shard) { node in
            let remote = RemoteShard(node.client, speaks: asker)
            var operations = OperationWriter()
            operations.put(.home, StoreKey(7), [1])
            for number in 1...2 as ClosedRange<UInt64> {
                try await remote.commit(
                    CommitRequest(
                        epoch: Epoch(1),
                        number: number,
                        through: Sequence(number),
                        operations: operations.bytes
                    )
                )
            }
            #expect(try await remote.status().through == Sequence(2))
            let error = await #expect(throws: ShardError.self) { _ = try await remote.dropDamaged(Epoch(1)) }
            guard case .badRequest(let text) = error else {
                Issue.record("a request that one side does not know must be refused")
                return
            }
            #expect(text.contains("needs version 3") && text.contains("2 in common"), "\(text)")
        }
    }

    @Test func aShardThatIsReplacedByAnOlderOneIsAskedInItsVersion() async throws {
        let directory = NSTemporaryDirectory() + "upgrade-test-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try ShardStore(directory: directory)
        var configuration = HTTPServerConfiguration()
        var client: HTTPClient?
        var remote: RemoteShard?
        for speaks in [.all, try Self.oldest, .all] {
            let group = MultiThreadedEventLoopGroup.singleton
            let server = try ShardServer(configuration: configuration, speaks: speaks, group: group)
            server.serve(store)
            configuration.port = try #require(try await server.start().port)
            if client == nil {
                let made = try HTTPClient(
                    endpoint: Endpoint(host: "127.0.0.1", port: configuration.port),
                    group: group
                )
                (client, remote) = (made, RemoteShard(made))
            }
            for _ in 0..<2 { #expect(try await remote?.status().epoch == Epoch(0)) }
            await server.stop(timeout: .seconds(1))
        }
        await client?.close()
        await store.close()
    }

    @Test func whatAShardSaysIsLearned() throws {
        let language = SharedLanguage(.all)
        #expect(language.current == SpokenVersions.lowestKnown)
        func said(_ words: String?) -> HTTPResponse {
            var headers = HTTPFields()
            if let words { headers.add(SpokenVersions.header, words) }
            return HTTPResponse(status: 200, headers: headers, body: [])
        }
        _ = try language.learn(from: said("2-9"))
        #expect(language.current == SpokenVersions.highestKnown)
        // The release before there was a choice says nothing.
        _ = try language.learn(from: said(nil))
        #expect(language.current == 2)
        _ = try language.learn(from: said("3-3"))
        #expect(language.current == 3)
        #expect(
            throws: ShardError.badRequest(
                "the shard speaks versions 8-9 of the protocol, this program 2-3: no version in common"
            )
        ) {
            _ = try language.learn(from: said("8-9"))
        }
        #expect(throws: ShardError.self) { _ = try language.learn(from: said("new")) }
        // A proxy's page says nothing about the shard.
        #expect(try language.learn(from: HTTPResponse(status: 503, headers: [:], body: [])) == nil)
        #expect(language.current == 3)
    }
}
