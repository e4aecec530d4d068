import Foundation
import Identifiers
import ShardProtocol
import ShardService
import ShardStore
import Testing

/// Kills a process that writes.
///
/// The process is this test binary once more, told by its environment to write: an exit test would do the same, but its
/// monitor and other children of the test process get into each other's way.
@Suite("A process that is killed", .serialized)
struct KillTests {
    private static let variable = "TESSERA_TEST_WRITE_UNTIL_KILLED"

    @Test(
        "has every commit that it acknowledged when it opens again",
        arguments: [(20, false), (150, false), (400, false), (20, true), (300, true)]
    )
    func keepsWhatItAcknowledged(milliseconds: Int, isSealed: Bool) async throws {
        let directory = try ScratchDirectory()
        let path = directory.path
        if isSealed { try Data().write(to: URL(filePath: path + "/sealed")) }
        let process = try KillTests.spawnWriter(path)
        // The count starts with the first acknowledgement, however long the process takes to start.
        while KillTests.acknowledged(path) == 0 { try await Task.sleep(for: .milliseconds(2)) }
        try await Task.sleep(for: .milliseconds(milliseconds))
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(status & 0x7F == SIGKILL, "the process must not have ended by itself")

        let acknowledged = KillTests.acknowledged(path)
        let shard = InProcessShard(try KillTests.store(path))
        #expect(try await shard.status().through.rawValue >= UInt64(acknowledged))
        for start in stride(from: 1, through: acknowledged, by: 1_000) {
            let numbers = start...min(start + 999, acknowledged)
            let answer = try await shard.read(
                ReadRequest(rows: numbers.map { .init(.home, KillTests.key(UInt64($0))) })
            )
            #expect(answer.values == numbers.map { KillTests.value(UInt64($0)) })
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment[variable] != nil))
    func writesUntilKilled() async throws {
        let path = try #require(ProcessInfo.processInfo.environment[KillTests.variable])
        try await KillTests.writeUntilKilled(path)
    }

    private static func spawnWriter(_ path: String) throws -> pid_t {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let arguments = [program, "--testing-library", "swift-testing", "--filter", "KillTests/writesUntilKilled"]
        var environment = ProcessInfo.processInfo.environment
        environment[variable] = path
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in argv + envp { free(word) } }
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        // Connections that other tests have open must not live on in the child.
        for descriptor in (STDERR_FILENO + 1)..<256 { posix_spawn_file_actions_addclose(&files, descriptor) }
        // Its report would be taken for one of this process.
        for output in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&files, output, "/dev/null", O_WRONLY, 0)
        }
        var process: pid_t = 0
        let code = posix_spawn(&process, program, &files, nil, &argv, &envp)
        try #require(code == 0, "posix_spawn: \(code)")
        return process
    }

    private static func acknowledged(_ path: String) -> Int {
        var facts = stat()
        return stat(path + "/acknowledged", &facts) == 0 ? Int(facts.st_size) / 8 : 0
    }

    /// Small, so that the kill also meets flushes and new segments.
    private static var configuration: StoreConfiguration {
        var configuration = StoreConfiguration()
        configuration.segmentBytes = 256 << 10
        configuration.freezeBytes = 256 << 10
        configuration.holdBytes = 512 << 10
        return configuration
    }

    private static func store(_ path: String) throws -> ShardStore {
        let isSealed = FileManager.default.fileExists(atPath: path + "/sealed")
        let vault = isSealed ? Vault(try VaultKeys(parsing: VaultTests.one)) : nil
        return try ShardStore(directory: path + "/store", configuration: configuration, vault: vault)
    }

    private static func key(_ number: UInt64) -> StoreKey { StoreKey(number &* 0x9E37_79B9_7F4A_7C15) }

    private static func value(_ number: UInt64) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(300 + number % 2_000))
    }

    private static func writeUntilKilled(_ path: String) async throws {
        let shard = InProcessShard(try store(path))
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
        }
    }
}
