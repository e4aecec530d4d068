/// A shuffle of 0 ..< count that needs no memory: a Feistel network over the next even power of two, walked until it
/// lands inside (Black and Rogaway 2002, "cycle walking").
struct IndexPermutation: Sendable {
    let count: Int
    private let halfBits: UInt64
    private let keys: [UInt64]

    init(count: Int, seed: UInt64) {
        precondition(count >= 0, "a permutation cannot have a negative size")
        self.count = count
        var bits = 2
        while bits < 62 && (1 << bits) < count { bits += 2 }
        halfBits = UInt64(bits / 2)
        var random = SeededRandom(seed: seed, .order, count)
        keys = (0..<4).map { _ in random.next() }
    }

    /// Where an index goes; fewer than four steps on average.
    subscript(index: Int) -> Int {
        precondition(index >= 0 && index < count, "an index outside the permutation")
        var value = UInt64(index)
        repeat { value = round(value) } while value >= UInt64(count)
        return Int(value)
    }

    private func round(_ value: UInt64) -> UInt64 {
        let mask = (UInt64(1) << halfBits) - 1
        var left = value >> halfBits
        var right = value & mask
        for key in keys { (left, right) = (right, left ^ (SeededRandom.mix(right ^ key) & mask)) }
        return left << halfBits | right
    }
}
