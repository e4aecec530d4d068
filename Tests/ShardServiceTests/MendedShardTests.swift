import Foundation
import Identifiers
import Logging
import NIOCore
import NIOPosix
import ShardProtocol
import ShardService
import ShardStore
import Testing
import Transport

@Suite("A shard whose disk is damaged")
struct MendedShardTests {
    private let directory = NSTemporaryDirectory() + "mended-test-" + UUID().uuidString

    private func commit(_ number: UInt64, epoch: UInt64 = 4) -> CommitRequest {
        var writer = OperationWriter()
        for row in 0..<300 as Range<UInt64> {
            writer.put(.home, StoreKey(row << 50), [UInt8](repeating: UInt8(number), count: 400))
        }
        return CommitRequest(
            epoch: Epoch(epoch),
            number: number,
            through: Sequence(number),
            operations: writer.bytes
        )
    }

    private func damage(_ folder: String, _ prefix: String, at place: Int) throws {
        let path = directory + "/" + folder
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix(prefix) }
        let file = URL(filePath: path + "/" + (try #require(names.sorted().first)))
        let handle = try FileHandle(forUpdating: file)
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [0xA5, 0x5A, 0xA5, 0x5A])
        try handle.close()
    }

    /// A store that was closed lets go of its directory a moment later.
    private static func open(_ directory: String) throws(StoreError) -> ShardStore {
        for _ in 0..<500 {
            do throws(StoreError) {
                return try ShardStore(directory: directory)
            } catch {
                guard case .inUse = error else { throw error }
            }
            usleep(10_000)
        }
        return try ShardStore(directory: directory)
    }

    /// A shard as the program runs it, and somebody who asks it.
    private func run(_ body: (RemoteShard, HTTPClient) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try ShardServer(configuration: .init(), group: group)
        let keeper = StoreKeeper(directory: directory, server: server, logger: Logger(label: "test")) {
            [directory] () throws(StoreError) in
            try Self.open(directory)
        }
        let port = try #require(try await server.start().port)
        try await keeper.open()
        let watching = Task { await keeper.watch(every: .milliseconds(10), rest: .zero) }
        let client = try HTTPClient(endpoint: Endpoint(host: "127.0.0.1", port: port), group: group)
        let result: Result<Void, any Error>
        do {
            try await body(RemoteShard(client), client)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        watching.cancel()
        await client.close()
        await server.stop(timeout: .seconds(1))
        await keeper.close()
        try result.get()
    }

    @Test func aDamagedRunIsToldByItselfAndGivenUpWhenALeaderSaysSo() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await run { shard, _ in try await shard.commit(commit(1)) }
        try damage("state", "run-", at: 70_000)
        try await run { shard, _ in
            var status = try await shard.status()
            for _ in 0..<1_000 where status.damage.isEmpty {
                try await Task.sleep(for: .milliseconds(5))
                status = try await shard.status()
            }
            #expect(status.damage.first?.contains("is damaged at byte 65536") == true)
            #expect(status.epoch == Epoch(4))
            await #expect(throws: ShardError.staleEpoch(highest: Epoch(4))) {
                _ = try await shard.dropDamaged(Epoch(3))
            }
            let mended = try await shard.dropDamaged(Epoch(4))
            #expect(mended.damage.isEmpty && mended.epoch == Epoch(0))
            #expect(mended.rows.allSatisfy { $0 == 0 })
            try await shard.commit(commit(2))
            #expect(try await shard.status().epoch == Epoch(4))
            // Nothing is damaged now, so nothing is given up.
            #expect(try await shard.dropDamaged(Epoch(4)).epoch == Epoch(4))
        }
    }

    @Test func aShardWithADamagedLogSaysSoAndCanBeMended() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        do {
            let store = try ShardStore(directory: directory)
            for number in 1...4 as ClosedRange<UInt64> { try await InProcessShard(store).commit(commit(number)) }
        }
        try damage("log", "log-", at: 3_000)
        try await run { shard, client in
            let status = try await shard.status()
            #expect(status.damage.count == 1 && status.damage[0].contains("is damaged at byte"), "\(status.damage)")
            #expect(try await client.send(HTTPClientRequest(path: "/health/ready")).status == 503)
            await #expect(throws: ShardError.self) { _ = try await shard.fence(Epoch(5)) }
            #expect(try await shard.dropDamaged(Epoch(5)).damage.isEmpty)
            #expect(try await client.send(HTTPClientRequest(path: "/health/ready")).status == 200)
            #expect(try await shard.fence(Epoch(5)).epoch == Epoch(5))
        }
    }
}
