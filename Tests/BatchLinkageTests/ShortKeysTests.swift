import Testing

@testable import BatchLinkage

@Suite struct ShortKeysTests {
    /// The twin: sets of whole keys.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func commonKeysAreThoseOfSets(seed: UInt64) {
        var state = seed
        func random(_ limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % limit
        }
        var records: [Set<[UInt64]>] = []
        var parts = [ShortKeys.Part(), ShortKeys.Part()]
        for record in 0..<40 {
            var keys: Set<[UInt64]> = []
            for _ in 0..<random(30) { keys.insert([random(44), random(6) << 50]) }
            for key in keys.sorted(by: { $0[1] < $1[1] }) { parts[record / 20].add(key[1], rule: Int(key[0])) }
            parts[record / 20].endRecord()
            records.append(keys)
        }
        let all = ShortKeys(parts, partSize: 20)
        let rules: UInt64 = 0x0F0F_3333_5555_0FFF
        for (first, mine) in records.enumerated() {
            for (second, theirs) in records.enumerated() {
                let common = mine.intersection(theirs).filter { rules >> $0[0] & 1 == 1 }
                let found = all.common(first, second, rules: rules)
                #expect(found.keys == common.count)
                #expect(found.rules == common.reduce(0) { $0 | 1 << $1[0] })
            }
        }
    }
}
