/// Which runs are merged next: neighbours of like size.
///
/// From a run on, older ones are taken along as long as the next is not much larger than all taken before it (as in
/// RocksDB's universal compaction): every row is rewritten about once for each fourfold growth of the state.
enum MergePolicy {
    /// Fewest runs that are worth merging.
    static let width = 4
    /// Runs from which on neighbours are merged whatever their sizes, so that a reading asks few files.
    static let crowd = 16

    /// Chooses neighbours.
    ///
    /// - Parameter sizes: of the runs, the newest first.
    /// - Returns: positions of the runs to merge, or `nil` where it is not worth it.
    static func choose(_ sizes: [UInt64]) -> Range<Int>? {
        // The newest first: they are small, and merging them keeps them from becoming many.
        for start in sizes.indices {
            var sum = sizes[start]
            var end = start + 1
            while end < sizes.count, sizes[end] <= sum &+ sum / 5 {
                sum += sizes[end]
                end += 1
            }
            if end - start >= width { return start..<end }
        }
        guard sizes.count >= crowd else { return nil }
        let windows = (0...(sizes.count - width)).map { $0..<($0 + width) }
        // Of the windows the one whose largest run is rewritten least in vain.
        return windows.min { share(of: $0, sizes) < share(of: $1, sizes) }
    }

    /// One removal in so many postings is worth rewriting everything for.
    private static let hollowPart: UInt64 = 6
    /// Removals from which on it is looked at: rewriting little gives little back.
    private static let fewestRemovals: UInt64 = 1 << 14

    /// Whether so much was taken out again that all runs are to be merged into one.
    ///
    /// Removals are small, so that going by sizes alone they come near the rows that they hide after a long time: a
    /// shard that had given a third of its slots away kept the third on its disk.
    ///
    /// - Parameters:
    ///   - postings: in all runs, also those that are removed again by newer ones.
    ///   - removals: of postings, in all runs.
    /// - Returns: whether it is worth it.
    static func isHollow(postings: UInt64, removals: UInt64) -> Bool {
        removals >= fewestRemovals && removals >= postings / hollowPart
    }

    private static func share(of window: Range<Int>, _ sizes: [UInt64]) -> Double {
        Double(sizes[window].max() ?? 0) / Double(max(1, sizes[window].reduce(0, +)))
    }
}
