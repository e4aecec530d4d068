/// How many slots are compared at once: few where they hold much.
struct SlotPortion {
    private let most: Int
    private let rows: UInt64
    private(set) var count = 1

    /// Begins with one slot, since it is not known how much they hold.
    ///
    /// - Parameters:
    ///   - most: slots at once, at most.
    ///   - rows: rows and postings that may be read at once.
    init(most: Int, rows: UInt64) {
        (self.most, self.rows) = (most, rows)
    }

    /// Learns how many rows and postings some slots held.
    mutating func note(_ held: UInt64, of slots: Int) {
        let each = max(held / UInt64(max(slots, 1)), 1)
        count = Int(min(max(rows / each, 1), UInt64(most)))
    }

    /// The next portion of what is left of a range.
    func next(of slots: Range<Int>) -> Range<Int> {
        slots.lowerBound..<min(slots.lowerBound + count, slots.upperBound)
    }
}
