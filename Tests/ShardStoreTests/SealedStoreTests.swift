@testable import ShardStore
import Foundation
import Identifiers
import ShardProtocol
import SimulationKit
import Testing

@Suite("A store that is sealed")
struct SealedStoreTests {
    private static let secret = "Nakato Babirye, 12 April 1990, Gulu"

    private func vault(_ lines: String...) throws -> Vault {
        Vault(try VaultKeys(parsing: lines.joined(separator: "\n")))
    }

    private func state(_ path: String, _ vault: Vault?) throws -> TieredState {
        try TieredState(directory: path, vault: vault)
    }

    private func apply(_ state: TieredState, _ frame: UInt64, _ keys: Range<UInt64>) throws {
        let delta = Delta(after: StateMark())
        for key in keys {
            Array("\(Self.secret) \(key)".utf8).withUnsafeBytes { delta.put(.home, StoreKey(key), $0) }
        }
        delta.advance(to: frame, Epoch(1), message: frame, Sequence(frame), logBytes: 1)
        try state.apply(DeltaChanges(delta), mark: delta.mark)
    }

    private func expectRows(_ state: TieredState, _ keys: Range<UInt64>) throws {
        let reader = try state.makeReader()
        try reader.begin()
        defer { reader.end() }
        for key in keys {
            let row = try reader.get(.home, StoreKey(key)).map { String(decoding: $0, as: UTF8.self) }
            #expect(row == "\(Self.secret) \(key)")
        }
        var walked = 0
        try reader.walk(.home, from: StoreKey(0)) { key, value in
            #expect(String(decoding: value, as: UTF8.self) == "\(Self.secret) \(key.hash)")
            walked += 1
            return true
        }
        #expect(walked == keys.count)
    }

    private func isReadable(_ path: String) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: path).contains { name in
            let data = try Data(contentsOf: URL(filePath: path + "/" + name))
            return data.range(of: Data("Nakato".utf8)) != nil
        }
    }

    @Test("equals its dumb twin under commits, flushes, merges and readings in any order", arguments: 200..<204)
    func twin(seed: Int) throws {
        let directory = try ScratchDirectory()
        let vault = try vault(VaultTests.one)
        let twin = SortedState(on: SimulatedDisk(seed: 1))
        var random = SimulationRandom(seed: UInt64(seed))
        var state = try state(directory.path, vault)
        for number in 1...20 {
            let delta = Delta(after: StateMark())
            for _ in 0..<random.next(below: 200) {
                let table = StoreTable.allCases[Int(random.next(below: 10))]
                let key = StoreKey(random.next(below: 60), sub: table.hasSubkey ? random.next(below: 3) : 0)
                let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: Int(random.next(below: 3_000)))
                if random.chance(300) {
                    delta.apply(.delete(table, key))
                } else {
                    value.withUnsafeBytes { delta.apply(.put(table, key, $0)) }
                }
            }
            delta.advance(to: UInt64(number), Epoch(3), message: 4, Sequence(5), logBytes: 1)
            try twin.apply(DeltaChanges(delta), mark: delta.mark)
            try state.apply(DeltaChanges(delta), mark: delta.mark)
            if number == 10 { try vault.replace(try VaultKeys(parsing: VaultTests.one + "\n" + VaultTests.two)) }
            if random.chance(500) { while try state.tidy({ false }) {} }
            if random.chance(200) { state = try self.state(directory.path, vault) }
            try compare(try twin.makeReader(), try state.makeReader())
        }
    }

    private func compare(_ twin: any StateReader, _ reader: any StateReader) throws {
        try twin.begin()
        try reader.begin()
        defer {
            twin.end()
            reader.end()
        }
        for table in StateTable.allCases {
            var rows: [StoreKey: [UInt8]] = [:]
            try twin.walk(table, from: StoreKey(0)) { key, value in
                rows[key] = [UInt8](value)
                return true
            }
            var found: [StoreKey: [UInt8]] = [:]
            try reader.walk(table, from: StoreKey(0)) { key, value in
                found[key] = [UInt8](value)
                return true
            }
            #expect(found == rows)
            for (key, value) in rows { #expect(try reader.get(table, key).map { [UInt8]($0) } == value) }
        }
    }

    @Test func nothingOfARowIsInAFile() throws {
        let directory = try ScratchDirectory()
        let state = try state(directory.path, try vault(VaultTests.one))
        try apply(state, 1, 0..<100)
        try expectRows(state, 0..<100)
        #expect(try !isReadable(directory.path))
        #expect(state.generation.runs.allSatisfy { $0.key == 1 })
    }

    @Test func withoutItsKeyItIsNotOpened() throws {
        let directory = try ScratchDirectory()
        try apply(try state(directory.path, try vault(VaultTests.one)), 1, 0..<10)
        for (other, words) in [(nil, "no keys were given"), (try vault(VaultTests.two), "not among those given")] {
            do throws(StoreError) {
                _ = try TieredState(directory: directory.path, vault: other)
                Issue.record("it was opened")
            } catch {
                #expect("\(error)".contains("key 1") && "\(error)".contains(words))
            }
        }
    }

    @Test func aNewKeyTakesOverWithoutAStop() throws {
        let directory = try ScratchDirectory()
        let vault = try vault(VaultTests.one)
        let state = try state(directory.path, vault)
        try apply(state, 1, 0..<100)
        try apply(state, 2, 100..<200)
        try vault.replace(try VaultKeys(parsing: VaultTests.two))
        try apply(state, 3, 200..<300)
        try expectRows(state, 0..<300)
        while try state.tidy({ false }) {}
        #expect(state.generation.runs.allSatisfy { $0.key == 2 })
        try expectRows(state, 0..<300)
        // The first key is not needed any more.
        try expectRows(try self.state(directory.path, try self.vault(VaultTests.two)), 0..<300)
    }

    @Test func whatWasInClearIsSealedByMerges() throws {
        let directory = try ScratchDirectory()
        let plain = try state(directory.path, nil)
        try apply(plain, 1, 0..<50)
        #expect(try isReadable(directory.path))
        #expect(plain.generation.runs.allSatisfy { $0.key == nil })
        let sealed = try state(directory.path, try vault(VaultTests.one))
        try expectRows(sealed, 0..<50)
        while try sealed.tidy({ false }) {}
        try expectRows(sealed, 0..<50)
        #expect(try !isReadable(directory.path))
    }

    @Test func theLogIsSealedAndReplayed() throws {
        let disk = SimulatedDisk(seed: 1)
        let vault = try vault(VaultTests.one)
        let entries = (1...5).map { number in
            LogEntry(
                kind: .commit,
                epoch: Epoch(1),
                message: UInt64(number),
                through: Sequence(UInt64(number)),
                payload: Array("\(Self.secret) \(number)".utf8)
            )
        }
        func open(_ vault: Vault?) throws -> (WriteAheadLog, [String]) {
            var found: [String] = []
            let (log, _) = try WriteAheadLog.open(
                disk.directory(),
                segmentBytes: 4_096,
                salt: 9,
                applied: 0,
                vault: vault
            ) { frame in found.append(String(decoding: frame.payload, as: UTF8.self)) }
            return (log, found)
        }
        let (log, _) = try open(vault)
        _ = try log.append(Array(entries[..<2]))
        try vault.replace(try VaultKeys(parsing: VaultTests.two))
        _ = try log.append(Array(entries[2...]))
        for name in try disk.directory().list() {
            let file = try disk.directory().open(name)
            var bytes = [UInt8](repeating: 0, count: file.size)
            _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            #expect(Data(bytes).range(of: Data("Nakato".utf8)) == nil)
        }
        let (_, found) = try open(vault)
        #expect(found == (1...5).map { "\(Self.secret) \($0)" })
        for other in [nil, try self.vault(VaultTests.two)] {
            #expect(throws: StoreError.self) { _ = try open(other) }
        }
    }

    @Test func aStoreOnADiskLivesThroughClosingAndCrashing() async throws {
        let directory = try ScratchDirectory()
        let vault = try vault(VaultTests.one)
        for round in 0..<3 as Range<UInt64> {
            let store = try ShardStore(directory: directory.path, vault: vault)
            var writer = OperationWriter()
            writer.put(.home, StoreKey(round), Array("\(Self.secret) \(round)".utf8))
            let request = CommitRequest(
                epoch: Epoch(1),
                number: round + 1,
                through: Sequence(round + 1),
                operations: writer.bytes
            )
            let answer = await withCheckedContinuation { told in
                store.submit(.commit(request)) { told.resume(returning: $0) }
            }
            #expect(answer == .committed)
            #expect(try !isReadable(directory.path + "/log"))
            if round == 1 { try vault.replace(try VaultKeys(parsing: VaultTests.two)) }
            await withCheckedContinuation { told in store.close { told.resume() } }
        }
        #expect(try !isReadable(directory.path + "/state"))
        #expect(throws: StoreError.self) { _ = try ShardStore(directory: directory.path) }
    }
}
