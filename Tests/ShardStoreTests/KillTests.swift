import Foundation
import Identifiers
import ShardProtocol
import ShardService
import ShardStore
import Testing

@Suite("A process that is killed", .serialized)
struct KillTests {
    @Test("has every commit that it acknowledged when it opens again", arguments: [20, 150, 400])
    func keepsWhatItAcknowledged(milliseconds: Int) async throws {
        let directory = try ScratchDirectory()
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, milliseconds = milliseconds as Int] in
            try await KillTests.writeUntilKilled(path, milliseconds)
        }
        let acknowledged = try Data(contentsOf: URL(fileURLWithPath: path + "/acknowledged")).count / 8
        let shard = InProcessShard(try ShardStore(directory: path + "/store", configuration: KillTests.configuration))
        let status = try await shard.status()
        #expect(status.through.rawValue >= UInt64(acknowledged))
        #expect(acknowledged > 0)
        for start in stride(from: 1, through: acknowledged, by: 1_000) {
            let numbers = start...min(start + 999, acknowledged)
            let answer = try await shard.read(
                ReadRequest(rows: numbers.map { .init(.home, KillTests.key(UInt64($0))) })
            )
            #expect(answer.values == numbers.map { KillTests.value(UInt64($0)) })
        }
    }

    /// Small, so that the kill also meets flushes and new segments.
    private static var configuration: StoreConfiguration {
        var configuration = StoreConfiguration()
        configuration.segmentBytes = 256 << 10
        configuration.freezeBytes = 256 << 10
        configuration.holdBytes = 512 << 10
        return configuration
    }

    private static func key(_ number: UInt64) -> StoreKey { StoreKey(number &* 0x9E37_79B9_7F4A_7C15) }

    private static func value(_ number: UInt64) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(300 + number % 2_000))
    }

    private static func writeUntilKilled(_ path: String, _ milliseconds: Int) async throws {
        let shard = InProcessShard(try ShardStore(directory: path + "/store", configuration: configuration))
        let acknowledged = try #require(fopen(path + "/acknowledged", "w"))
        // The system, not this process, keeps what was written: it outlives the kill.
        setvbuf(acknowledged, nil, _IONBF, 0)
        var number: UInt64 = 0
        while true {
            number += 1
            var writer = OperationWriter()
            writer.put(.home, key(number), value(number))
            try await shard.commit(
                CommitRequest(epoch: Epoch(1), number: number, through: Sequence(number), operations: writer.bytes)
            )
            withUnsafeBytes(of: number) { _ = fwrite($0.baseAddress, 1, 8, acknowledged) }
            guard number == 1 else { continue }
            Thread.detachNewThread {
                usleep(UInt32(milliseconds) * 1_000)
                kill(getpid(), SIGKILL)
            }
        }
    }
}
