/// Draws ranks so that the k-th is drawn in proportion to 1 / (k + q): Zipf's law with Mandelbrot's shift.
struct ZipfTable: Sendable {
    private let cumulative: [UInt64]
    /// For each of 1,024 equal parts of the total, the first rank that can lie in it.
    private let guide: [Int32]

    /// Prepares ranks 0 ..< count; a larger shift makes the first ranks less dominant.
    init(count: Int, shift: Int) {
        precondition(count > 0 && shift > 0, "a Zipf table needs ranks and a positive shift")
        var sum: UInt64 = 0
        cumulative = (0..<count).map { rank in
            sum += (1 << 40) / UInt64(rank + shift)
            return sum
        }
        var guide: [Int32] = []
        var rank = 0
        for part in 0..<1_024 {
            let bound = sum / 1_024 * UInt64(part)
            while cumulative[rank] <= bound { rank += 1 }
            guide.append(Int32(rank))
        }
        self.guide = guide
    }

    var count: Int { cumulative.count }

    func draw(_ random: inout SeededRandom) -> Int {
        let total = cumulative[cumulative.count - 1]
        let value = random.next().multipliedFullWidth(by: total).high
        var rank = Int(guide[min(1_023, Int(value / (total / 1_024)))])
        while cumulative[rank] <= value { rank += 1 }
        return rank
    }
}
