@testable import ShardStore
import ShardProtocol
import SimulationKit
import Testing

@Suite("A filter of keys")
struct KeyFilterTests {
    @Test("knows every key it was given and few others", arguments: [1, 100, 20_000])
    func knowsItsKeys(count: Int) {
        var random = SimulationRandom(seed: UInt64(count))
        let keys = (0..<count).map { _ in StoreKey(random.next(), sub: random.next(below: 3)) }
        var filter = KeyFilter(limit: count)
        for key in keys { filter.insert(KeyFilter.hash(.feature, key)) }
        filter.finish().withUnsafeBytes { stored in
            #expect(KeyFilter.isSound(stored))
            for key in keys { #expect(KeyFilter.mayContain(KeyFilter.hash(.feature, key), in: stored)) }
            var wrong = 0
            for _ in 0..<10_000 {
                let key = StoreKey(random.next())
                wrong += KeyFilter.mayContain(KeyFilter.hash(.feature, key), in: stored) ? 1 : 0
                wrong += KeyFilter.mayContain(KeyFilter.hash(posting: key.hash), in: stored) ? 1 : 0
            }
            #expect(wrong < 20_000 / 40)
        }
    }

    @Test func tablesAndSecondPartsAreToldApart() {
        let hashes = StateTable.allCases.map { KeyFilter.hash($0, StoreKey(5)) }
        let seconds = (0..<4).map { KeyFilter.hash(.history, StoreKey(5, sub: $0)) }
        #expect(Set(hashes + [KeyFilter.hash(posting: 5)]).count == hashes.count + 1)
        #expect(Set(seconds).count == seconds.count)
    }

    @Test func onlyWholeBlocksAreAFilter() {
        #expect(!KeyFilter.isSound(UnsafeRawBufferPointer(start: nil, count: 0)))
        [UInt8](repeating: 0, count: 65).withUnsafeBytes { #expect(!KeyFilter.isSound($0)) }
    }
}
