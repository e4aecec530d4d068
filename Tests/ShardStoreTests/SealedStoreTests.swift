@testable import ShardStore
import Foundation
import Identifiers
import ShardProtocol
import ShardService
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
        let others = [
            (nil, "no keys were given"), (try vault(VaultTests.two), "not among those given"),
            (try vault(VaultTests.otherOne), "another key 1"),
        ]
        for (other, words) in others {
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

    private func opened(
        _ disk: SimulatedDisk,
        _ vault: Vault?,
        applied: UInt64 = 0
    ) throws(StoreError) -> (WriteAheadLog, [String]) {
        var found: [String] = []
        let (log, _) = try WriteAheadLog.open(
            disk.directory(),
            segmentBytes: 4_096,
            salt: 9,
            applied: applied,
            vault: vault
        ) { frame in found.append(String(decoding: frame.payload, as: UTF8.self)) }
        return (log, found)
    }

    @Test func aLogInClearLeavesNoSparesBehind() throws {
        let disk = SimulatedDisk(seed: 1)
        let entry = LogEntry(
            kind: .commit,
            epoch: Epoch(1),
            message: 1,
            through: Sequence(1),
            payload: Array(Self.secret.utf8) + [UInt8](repeating: 7, count: 2_500)
        )
        let (plain, _) = try opened(disk, nil)
        for _ in 0..<4 { _ = try plain.append([entry]) }
        try plain.cut(through: 3)
        #expect(try disk.directory().list().contains { $0.hasPrefix("spare-") })
        let (log, _) = try opened(disk, try vault(VaultTests.one), applied: 3)
        #expect(try !disk.directory().list().contains { $0.hasPrefix("spare-") })
        #expect(log.keysInUse == [nil])
        for _ in 0..<2 { _ = try log.append([entry]) }
        try log.cut(through: 5)
        #expect(log.keysInUse == [1])
        #expect(try !isReadable(disk))
    }

    private func isReadable(_ disk: SimulatedDisk) throws -> Bool {
        try disk.directory().list().contains { name in
            let file = try disk.directory().open(name)
            var bytes = [UInt8](repeating: 0, count: file.size)
            _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
            return Data(bytes).range(of: Data("Nakato".utf8)) != nil
        }
    }

    @Test func aRowOpensNowhereButInItsPlace() throws {
        let vault = try vault(VaultTests.one)
        let text = Array(Self.secret.utf8)
        var sealed = [UInt8](repeating: 0, count: text.count + SealedBytes.overhead)
        let key: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        sealed.withUnsafeMutableBytes { place in
            key.withUnsafeBytes { key in
                text.withUnsafeBytes { Sealer(vault).seal($0, .row(.home), bound: key, into: place) }
            }
        }
        func opens(_ table: StateTable, _ key: UInt64, _ bytes: [UInt8]) throws -> Bool {
            let rows = OpenedRows(vault)
            return try bytes.withUnsafeBytes { try rows.open($0, table, StoreKey(key)) } != nil
        }
        let place: UInt64 = 0x0102_0304_0506_0708
        let isBig = try opens(.home, place, sealed)
        let own = isBig ? place : place.byteSwapped
        #expect(try opens(.home, own, sealed))
        #expect(try !opens(.home, own + 1, sealed))
        #expect(try !opens(.feature, own, sealed))
        for byte in SealedBytes.numberLength..<sealed.count {
            var changed = sealed
            changed[byte] ^= 1
            #expect(try !opens(.home, own, changed))
        }
        #expect(try !opens(.home, own, Array(sealed.dropLast())))
        #expect(try !opens(.home, own, []))
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
        let (log, _) = try opened(disk, vault)
        _ = try log.append(Array(entries[..<2]))
        #expect(log.keysInUse == [1])
        try vault.replace(try VaultKeys(parsing: VaultTests.two))
        _ = try log.append(Array(entries[2...]))
        #expect(log.keysInUse == [1, 2])
        #expect(try !isReadable(disk))
        let (again, found) = try opened(disk, vault)
        #expect(again.keysInUse == [1, 2])
        #expect(found == (1...5).map { "\(Self.secret) \($0)" })
        for other in [nil, try self.vault(VaultTests.two), try self.vault(VaultTests.otherOne, VaultTests.two)] {
            do throws(StoreError) {
                _ = try opened(disk, other)
                Issue.record("it was opened")
            } catch {
                guard case .keys = error else {
                    Issue.record("\(error) says nothing of keys")
                    continue
                }
            }
        }
        try again.cut(through: 2)
        #expect(again.keysInUse == [2])
    }

    @Test func aStoreOnADiskTakesANewKeyWhileItWorks() async throws {
        let directory = try ScratchDirectory()
        let plain = try ReopenableStore(directory.path)
        try await commit(plain, 1)
        #expect(try isReadable(directory.path + "/log"))
        // From in clear to the first key, and on to the second.
        let vault = try vault(VaultTests.one)
        try await plain.letGo()
        let sealed = try ReopenableStore(directory.path, vault: vault)
        for number in 2...4 as ClosedRange<UInt64> { try await commit(sealed, number) }
        try await settle(sealed)
        #expect(try !isReadable(directory.path + "/log") && !isReadable(directory.path + "/state"))
        try vault.replace(try VaultKeys(parsing: VaultTests.two))
        for number in 5...7 as ClosedRange<UInt64> { try await commit(sealed, number) }
        try await settle(sealed)
        try await sealed.letGo()
        // The first key is not needed any more.
        let again = try ReopenableStore(directory.path, vault: try self.vault(VaultTests.two))
        let answer = try await #require(again.shard).read(ReadRequest(rows: (1...7).map { .init(.home, StoreKey($0)) }))
        #expect(answer.values == (1...7).map { Array("\(Self.secret) \($0)".utf8) })
        try await again.letGo()
        #expect(throws: StoreError.self) { _ = try ShardStore(directory: directory.path) }
    }

    private func commit(_ store: ReopenableStore, _ number: UInt64) async throws {
        var writer = OperationWriter()
        writer.put(.home, StoreKey(number), Array("\(Self.secret) \(number)".utf8))
        try await #require(store.shard).commit(
            CommitRequest(
                epoch: Epoch(1),
                number: number,
                through: Sequence(number),
                operations: writer.bytes
            )
        )
    }

    /// Waits until nothing is under an older key, as whoever takes that key away does.
    private func settle(_ store: ReopenableStore) async throws {
        let store = try #require(store.shard).store
        while store.isUnderOlderKeys {
            store.reseal()
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
