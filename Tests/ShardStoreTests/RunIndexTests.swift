@testable import ShardStore
import ShardProtocol
import SimulationKit
import Testing

@Suite("An index of a run")
struct RunIndexTests {
    private typealias Place = RunIndex.Place

    private func build(_ entries: [(hash: UInt64, place: RunIndex.Place)]) -> [UInt8] {
        var memory = [UInt8](repeating: 0xFF, count: RunIndex.bytes(limit: entries.count))
        memory.withUnsafeMutableBytes { memory in
            var index = RunIndex(in: memory)
            for entry in entries { index.insert(entry.hash, entry.place) }
            index.finish()
        }
        return memory
    }

    @Test("knows every key's place and few others", arguments: [1, 8, 100, 20_000])
    func knowsItsKeys(count: Int) {
        var random = SimulationRandom(seed: UInt64(count))
        let keys = (0..<count).map { _ in StoreKey(random.next(), sub: random.next(below: 3)) }
        let entries = keys.enumerated().map { number, key in
            (RunIndex.hash(.feature, key), Place(offset: 8_192 + number, isSpread: number % 3 == 0))
        }
        build(entries).withUnsafeBytes { stored in
            #expect(RunIndex.isSound(stored, keys: UInt64(count)))
            for (hash, place) in entries {
                let found = RunIndex.find(hash, in: stored) { $0.offset == place.offset }
                #expect(found == .place(place))
            }
            var wrong = 0
            for _ in 0..<10_000 {
                let key = StoreKey(random.next())
                _ = RunIndex.find(RunIndex.hash(.feature, key), in: stored) { _ in
                    wrong += 1
                    return false
                }
                _ = RunIndex.find(RunIndex.hash(posting: key.hash), in: stored) { _ in
                    wrong += 1
                    return false
                }
            }
            // Some eight slots are looked at, each wrong once in 65,536.
            #expect(wrong < 40)
        }
    }

    /// A file that was damaged on the disk.
    @Test("a search ends also where no slot is free")
    func aFullIndexIsDamaged() {
        let full = [UInt8](repeating: 0x7F, count: 128)
        full.withUnsafeBytes { stored in
            #expect(RunIndex.isSound(stored, keys: 3))
            var looks = 0
            let found = RunIndex.find(0x7F7F, in: stored) { _ in
                looks += 1
                // It went round and round.
                return looks > 16
            }
            #expect(found == .damaged)
            #expect(RunIndex.likely(0x0101, in: stored) == 0)
        }
    }

    @Test func keysOfOneHashAreAllFound() {
        let entries = (1...40).map { (hash: UInt64(0xFFFF_FFFF_FFFF_0007), place: Place(offset: $0, isSpread: false)) }
        build(entries).withUnsafeBytes { stored in
            for (hash, place) in entries {
                let found = RunIndex.find(hash, in: stored) { $0 == place }
                #expect(found == .place(place))
            }
            let none = RunIndex.find(entries[0].hash, in: stored) { _ in false }
            #expect(none == .none)
        }
    }

    @Test func tablesAndSecondPartsAreToldApart() {
        let hashes = StateTable.allCases.map { RunIndex.hash($0, StoreKey(5)) }
        let seconds = (0..<4).map { RunIndex.hash(.history, StoreKey(5, sub: $0)) }
        #expect(Set(hashes + [RunIndex.hash(posting: 5)]).count == hashes.count + 1)
        #expect(Set(seconds).count == seconds.count)
    }

    @Test func onlyWholeBlocksWithRoomAreAnIndex() {
        #expect(!RunIndex.isSound(UnsafeRawBufferPointer(start: nil, count: 0), keys: 0))
        [UInt8](repeating: 0, count: 65).withUnsafeBytes { #expect(!RunIndex.isSound($0, keys: 1)) }
        [UInt8](repeating: 0, count: 64).withUnsafeBytes { stored in
            #expect(RunIndex.isSound(stored, keys: 7))
            #expect(!RunIndex.isSound(stored, keys: 8))
        }
    }
}
