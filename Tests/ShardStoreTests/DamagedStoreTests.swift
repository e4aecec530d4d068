import Foundation
import Identifiers
import ShardProtocol
import ShardService
import SimulationKit
import Testing

@testable import ShardStore

@Suite("A store whose disk is damaged")
struct DamagedStoreTests {
    private let directory: ScratchDirectory
    private var path: String { directory.path + "/store" }

    init() throws { directory = try ScratchDirectory() }

    /// Every message is a run of its own, or stays in the log.
    private func fill(_ messages: ClosedRange<UInt64>, isFlushed: Bool) async throws {
        let store = try await open()
        let shard = InProcessShard(store)
        for number in messages {
            var writer = OperationWriter()
            for row in 0..<200 as Range<UInt64> {
                writer.put(.home, StoreKey(number << 56 | row), [UInt8](repeating: UInt8(number), count: 500))
                writer.post(key: row, sketch: SketchBits(number), record: RecordID(number))
            }
            let message = CommitRequest(
                epoch: Epoch(3),
                number: number,
                through: Sequence(number),
                operations: writer.bytes
            )
            try await shard.commit(message)
        }
        if isFlushed { await store.close() }
    }

    /// A store that was closed lets go of its directory a moment later.
    private func mend(isLog: Bool) async throws -> [String] {
        for _ in 0..<500 {
            do {
                return try StoreMending.dropDamaged(in: path, isLog: isLog)
            } catch StoreError.inUse {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return try StoreMending.dropDamaged(in: path, isLog: isLog)
    }

    /// The same for opening it again.
    private func open() async throws -> ShardStore {
        for _ in 0..<500 {
            do {
                return try ShardStore(directory: path)
            } catch StoreError.inUse {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return try ShardStore(directory: path)
    }

    private func files(_ folder: String, _ prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).filter { $0.hasPrefix(prefix) }
            .sorted()
            .map { path + "/" + folder + "/" + $0 }
    }

    /// Turns a bit of a file that nobody has open.
    private func flip(_ file: String, at place: Int) throws {
        let handle = try FileHandle(forUpdating: URL(filePath: file))
        try handle.seek(toOffset: UInt64(place))
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [byte ^ 0x10])
        try handle.close()
    }

    @Test func aBitOfARunIsFoundAndNamed() async throws {
        for number in 1...2 as ClosedRange<UInt64> { try await fill(number...number, isFlushed: true) }
        let run = try #require(try files("state", "run-").last)
        #expect(try files("state", "sums-").count == 2)
        try flip(run, at: 70_000)
        let store = try await open()
        let shard = InProcessShard(store)
        #expect(try await shard.status().damage.isEmpty)
        let found = await store.findDamage(rest: {})
        #expect(found == ["\(run) is damaged at byte 65536: restore the store from a replica"])
        #expect(try await shard.status().damage == found)
        await store.close()
    }

    @Test func whatIsLeftIsKeptAndThePositionForgotten() async throws {
        for number in 1...3 as ClosedRange<UInt64> { try await fill(number...number, isFlushed: true) }
        let runs = try files("state", "run-")
        #expect(runs.count == 3)
        try flip(runs[1], at: 70_000)
        let given = try await mend(isLog: false)
        #expect(given.contains { runs[1].hasSuffix($0) } && !given.contains { runs[0].hasSuffix($0) })
        #expect(try files("given-up", "run-").count == 1)
        let store = try await open()
        let shard = InProcessShard(store)
        let left = try await shard.read(ReadRequest(rows: (1...3).map { .init(.home, StoreKey($0 << 56)) }))
        #expect(left.values.map { $0 != nil } == [true, false, true])
        #expect(try await shard.status().epoch == Epoch(0))
        #expect(try await shard.tail(withOperations: true).last == .zero)
        await #expect(throws: ShardError.behind(at: .zero)) {
            _ = try await shard.call(.guarded(StorePosition(Epoch(1), 0), .status))
        }
        // It is a store like any other.
        let more = CommitRequest(epoch: Epoch(1), number: 1, through: Sequence(1), operations: [])
        try await shard.commit(more)
        #expect(await store.findDamage(rest: {}).isEmpty)
        await store.close()
    }

    @Test func whereTheLogIsDamagedTheRunsAreKept() async throws {
        try await fill(1...2, isFlushed: true)
        try await fill(3...5, isFlushed: false)
        // The store that wrote it is gone without an end, as when its machine lost power.
        let segment = try #require(try files("log", "log-").last)
        try flip(segment, at: 2_000)
        var error: StoreError?
        repeat {
            do throws(StoreError) { _ = try ShardStore(directory: path) } catch let caught { error = caught }
        } while error == .inUse(directory: path)
        #expect(error?.isDamage == true, "\(String(describing: error))")
        let runs = try files("state", "run-")
        _ = try await mend(isLog: true)
        #expect(try files("state", "run-") == runs)
        #expect(try files("log", "log-").isEmpty)
        let store = try await open()
        #expect(try await InProcessShard(store).status().epoch == Epoch(0))
        await store.close()
    }

    @Test func whereNothingIsKnownAllIsGivenUp() async throws {
        try await fill(1...2, isFlushed: true)
        for sums in try files("state", "sums-") { try FileManager.default.removeItem(atPath: sums) }
        _ = try await mend(isLog: false)
        let store = try await open()
        #expect(try await InProcessShard(store).status().rows.allSatisfy { $0 == 0 })
        await store.close()
    }

    @Test func aDamagedRunIsNotMergedIntoOneThatLooksSound() throws {
        let state = try TieredState(directory: path)
        for frame in 1...4 as ClosedRange<UInt64> {
            let delta = Delta(after: StateMark())
            let value = [UInt8](repeating: UInt8(frame), count: 90_000)
            value.withUnsafeBytes { delta.put(.home, StoreKey(frame), $0) }
            delta.advance(to: frame, Epoch(1), message: frame, Sequence(frame), logBytes: 1)
            try state.apply(DeltaChanges(delta), mark: delta.mark)
        }
        let run = state.generation.runs[2]
        try flip(run.path, at: 50_000)
        #expect(throws: RunSums.damaged(run.path, 0)) { _ = try state.tidy { false } }
        #expect(state.generation.runs.count == 4)
    }

    @Test func damagedChecksumsAreNone() {
        let sums = [UInt8](repeating: 7, count: 200_000).withUnsafeBytes { RunSums(of: $0) }
        #expect(sums.count == 4)
        #expect(RunSums(decoding: sums.encoded) == sums)
        for place in sums.encoded.indices {
            var bytes = sums.encoded
            bytes[place] ^= 1
            #expect(RunSums(decoding: bytes) == nil)
        }
        for count in 0..<sums.encoded.count { #expect(RunSums(decoding: Array(sums.encoded[..<count])) == nil) }
    }
}
