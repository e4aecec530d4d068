import Matching

/// Copies of the next few rows: fetched together, so that the processor waits for many of them at once.
final class NearRows {
    private static let capacity = 16

    private let bytes = UnsafeMutableRawBufferPointer.allocate(
        byteCount: NearRows.capacity * FeatureRow.lengthLimit,
        alignment: 16
    )
    private var held = 0..<0
    private var lengths = [Int](repeating: 0, count: NearRows.capacity)

    deinit { bytes.deallocate() }

    /// Whether a row is at hand.
    func holds(_ index: Int) -> Bool { held.contains(index) }

    /// Copies the first rows of a range.
    func fetch(_ range: Range<Int>, _ row: (Int) -> UnsafeRawBufferPointer) {
        held = range.lowerBound..<min(range.upperBound, range.lowerBound + NearRows.capacity)
        for (slot, index) in held.enumerated() {
            let row = row(index)
            lengths[slot] = row.count
            UnsafeMutableRawBufferPointer(rebasing: bytes[(slot * FeatureRow.lengthLimit)...]).copyMemory(from: row)
        }
    }

    /// The copy of a row that is at hand.
    func row(_ index: Int) -> UnsafeRawBufferPointer {
        let slot = index - held.lowerBound
        let start = slot * FeatureRow.lengthLimit
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + lengths[slot]])
    }
}
