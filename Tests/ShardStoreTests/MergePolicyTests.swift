@testable import ShardStore
import SimulationKit
import Testing

@Suite("Which runs are merged")
struct MergePolicyTests {
    @Test(
        arguments: [
            ([], nil), ([1, 1, 1], nil), ([1, 1, 1, 1], 0..<4), ([1, 1, 1, 4], nil), ([1, 1, 1, 1, 5], 0..<4),
            ([1, 1, 1, 1, 4], 0..<5),
            ([1, 4, 4, 4, 4, 20], 1..<5), ([1, 1, 9, 9, 9, 9, 50], 2..<6), ([1, 1, 1, 50, 50, 50, 50], 3..<7),
        ] as [([UInt64], Range<Int>?)]
    )
    func neighboursOfLikeSize(sizes: [UInt64], expected: Range<Int>?) {
        #expect(MergePolicy.choose(sizes) == expected)
    }

    @Test("files stay few and rows are rewritten rarely", arguments: 0..<8)
    func bounded(seed: Int) {
        var random = SimulationRandom(seed: UInt64(seed))
        var sizes: [UInt64] = []
        var flushed: UInt64 = 0
        var written: UInt64 = 0
        for _ in 0..<2_000 {
            let size = seed % 2 == 0 ? 100 : 1 + random.next(below: 200)
            sizes.insert(size, at: 0)
            flushed += size
            written += size
            while let range = MergePolicy.choose(sizes) {
                let sum = sizes[range].reduce(0, +)
                sizes.replaceSubrange(range, with: [sum])
                written += sum
            }
            #expect(sizes.count <= MergePolicy.crowd)
        }
        // Each row once, and once more for each fourfold growth: log4 of 2,000 is 5.5.
        #expect(written <= 6 * flushed)
    }

    @Test("what was removed gives its room back", arguments: [(1_200_000, 0, false), (1_200_000, 300_000, true)])
    func hollow(postings: UInt64, removals: UInt64, isHollow: Bool) {
        #expect(MergePolicy.isHollow(postings: postings, removals: removals) == isHollow)
        #expect(!MergePolicy.isHollow(postings: 10, removals: 10))
    }

    @Test func manyUnlikeFilesAreMergedAllTheSame() {
        let sizes = (0..<16).map { UInt64(1) << UInt64($0 * 2) }
        #expect(MergePolicy.choose(sizes)?.count == 4)
        #expect(MergePolicy.choose(Array(sizes.prefix(15))) == nil)
    }
}
