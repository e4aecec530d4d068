@testable import ShardStore
import Foundation
import Identifiers
import ShardProtocol
import ShardService
import SimulationKit
import Testing

/// A directory that an earlier program wrote is read as it was meant: what a rolling upgrade rests on.
///
/// `Tests/Golden/store` holds directories with rows in their state and messages in their log. Whoever changes a format adds a
/// directory and keeps the old ones; TESSERA_REWRITE=1 writes the present one anew. Without its checksums a store is one that
/// the release before wrote.
struct StoredFormatTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Golden/store")

    private static let present = "state-3-log-2-sums-1"
    /// The same under a key: rows and frames sealed by AES-256-GCM.
    private static let sealed = "sealed-state-4-log-3-sums-1"

    /// The keys of a directory; `nil` where it is in clear.
    private static func vault(_ directory: URL, _ further: String = "") throws -> Vault? {
        guard directory.lastPathComponent.hasPrefix("sealed-") else { return nil }
        return Vault(try VaultKeys(parsing: VaultTests.one + further))
    }

    /// Small, so that the directory is; and one flush happens within the messages.
    private static var configuration: StoreConfiguration {
        var configuration = StoreConfiguration()
        configuration.segmentBytes = 16 << 10
        configuration.freezeBytes = 24 << 10
        configuration.freezeLogBytes = 32 << 10
        configuration.holdBytes = 32 << 10
        return configuration
    }

    /// The messages that the directory holds.
    private static func messages() -> [CommitRequest] {
        var random = SimulationRandom(seed: 4)
        return (1...40 as ClosedRange<UInt64>).map { number in
            var writer = OperationWriter()
            for _ in 0..<12 {
                let key = random.next(below: 4) << 52 | random.next(below: 60)
                let record = RecordID(random.next(below: 40))
                switch random.next(below: 6) {
                case 0: writer.delete(.home, StoreKey(key))
                case 1: writer.put(.history, StoreKey(key, sub: random.next(below: 3)), [UInt8(number)])
                case 2: writer.unpost(key: key, record: record)
                case 3: writer.post(key: key, sketch: SketchBits(random.next(below: 99)), record: record)
                case 4: writer.put(.feature, StoreKey(record.rawValue), [UInt8](repeating: UInt8(number), count: 40))
                default: writer.put(.home, StoreKey(key), [UInt8](repeating: UInt8(number), count: 200))
                }
            }
            return CommitRequest(
                epoch: Epoch(1 + number / 30),
                number: number,
                through: Sequence(number),
                operations: writer.bytes
            )
        }
    }

    /// Writes the directory as it is while the store is open: what was not flushed is in the log alone.
    private static func write(to directory: URL) async throws {
        let scratch = try ScratchDirectory()
        let place = scratch.path + "/store"
        let store = try ShardStore(directory: place, configuration: configuration, vault: try vault(directory))
        for message in messages() { try await InProcessShard(store).commit(message) }
        while try FileManager.default.contentsOfDirectory(atPath: place + "/state").count < 3 {
            try await Task.sleep(for: .milliseconds(10))
        }
        try? FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: golden, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: place, toPath: directory.path)
        for name in ["lock", "state/manifest.mdb-lock"] {
            try? FileManager.default.removeItem(at: directory.appending(path: name))
        }
        await store.close()
    }

    private static var directories: [URL] {
        let found = try? FileManager.default.contentsOfDirectory(at: golden, includingPropertiesForKeys: nil)
        return (found ?? []).filter { $0.hasDirectoryPath }.sorted { $0.path < $1.path }
    }

    @Test func storesOfEarlierProgramsAreReadAndWrittenTo() async throws {
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] != nil {
            for name in [Self.present, Self.sealed] { try await Self.write(to: Self.golden.appending(path: name)) }
        }
        for name in [Self.present, Self.sealed] { #expect(Self.directories.map(\.lastPathComponent).contains(name)) }
        for directory in Self.directories {
            for isBefore in [false, true] {
                let scratch = try ScratchDirectory()
                let copy = scratch.path + "/store"
                try FileManager.default.copyItem(atPath: directory.path, toPath: copy)
                if isBefore { try Self.removeChecksums(copy + "/state") }
                // Of a sealed one the key that is current has changed since it was written.
                let vault = try Self.vault(directory, isBefore ? "\n" + VaultTests.two : "")
                let store = try ShardStore(directory: copy, configuration: Self.configuration, vault: vault)
                let shard = InProcessShard(store)
                let twin = TwinShard()
                let messages = Self.messages()
                #expect(shard.store.recovery.frames > 0)
                #expect(!(try FileManager.default.contentsOfDirectory(atPath: copy + "/state")).isEmpty)
                for message in messages { try await twin.commit(message) }
                try await Self.compare(shard, twin, directory.lastPathComponent)
                var next = try #require(messages.first)
                next.epoch = Epoch(9)
                next.number = 1
                next.through = Sequence(41)
                try await shard.commit(next)
                try await twin.commit(next)
                try await Self.compare(shard, twin, directory.lastPathComponent)
                await shard.store.close()
            }
        }
    }

    private static func removeChecksums(_ state: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: state).filter { $0.hasPrefix("sums-") }
        #expect(!names.isEmpty)
        for name in names { try FileManager.default.removeItem(atPath: state + "/" + name) }
    }

    /// Without its key nothing of a sealed directory is read, and no new log is begun in it.
    @Test func aSealedStoreIsRefusedWithoutItsKey() throws {
        for vault in [nil, Vault(try VaultKeys(parsing: VaultTests.two))] {
            let scratch = try ScratchDirectory()
            let copy = scratch.path + "/store"
            try FileManager.default.copyItem(at: Self.golden.appending(path: Self.sealed), to: URL(filePath: copy))
            let logs = try FileManager.default.contentsOfDirectory(atPath: copy + "/log").sorted()
            let error = #expect(throws: StoreError.self) { _ = try ShardStore(directory: copy, vault: vault) }
            #expect(error?.description.contains("key") == true, "\(String(describing: error))")
            #expect(try FileManager.default.contentsOfDirectory(atPath: copy + "/log").sorted() == logs)
        }
    }

    /// A format that this program does not know is named, not guessed at.
    @Test func aStoreOfALaterProgramIsRefused() throws {
        let directory = try #require(Self.directories.last)
        let scratch = try ScratchDirectory()
        let copy = scratch.path + "/store"
        try FileManager.default.copyItem(atPath: directory.path, toPath: copy)
        try StateFormat.write(99, to: copy + "/state/manifest.mdb")
        let error = #expect(throws: StoreError.self) { _ = try ShardStore(directory: copy) }
        #expect(error?.description.contains("format version 99") == true, "\(String(describing: error))")
    }

    private static func compare(_ shard: some ShardClient, _ twin: TwinShard, _ name: String) async throws {
        let slots = DigestRequest(first: Slot(hash: 0), count: 4)
        #expect(try await shard.digest(slots) == (try await twin.digest(slots)), "\(name)")
        #expect(
            try await shard.tail(withOperations: true) == (try await twin.tail(withOperations: true)),
            "\(name)"
        )
        let all = PostingsRequest(from: 0, record: RecordID(0), through: .max, limit: 10_000)
        let postings = try await twin.postings(all)
        #expect(try await shard.postings(all) == postings, "\(name)")
        var places = postings.rows.map(\.place)
        places += places.map { StoreKey($0.hash, sub: $0.sub + 1) }
        let posted = PostedRequest(places: places)
        #expect(try await shard.posted(posted) == (try await twin.posted(posted)), "\(name)")
    }
}
