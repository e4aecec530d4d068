import Identifiers

/// Adjacent slots that are walked through as one range: few rows a slot cost no question each.
struct SlotSpan {
    /// The slots.
    let numbers: ClosedRange<Int>
    /// The smallest hash in them.
    let firstHash: UInt64
    /// The largest.
    let lastHash: UInt64

    private init?(_ numbers: ClosedRange<Int>) {
        guard let first = Slot(numbers.lowerBound), let last = Slot(numbers.upperBound) else { return nil }
        self.numbers = numbers
        firstHash = first.firstHash
        lastHash = last.lastHash
    }

    /// Puts numbers of slots, in order, together where they are adjacent.
    static func joining(_ numbers: [Int]) -> [SlotSpan] {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.compactMap { SlotSpan($0) }
    }
}
