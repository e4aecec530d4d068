import Identifiers

/// Postings sorted by key and record: a block is a run of one key; and for each record the places of its postings.
struct SortedBlocks: Sendable {
    /// The record of each posting.
    let records: [UInt32]
    /// The first posting behind the block of each posting.
    let blockEnds: [UInt32]
    /// The place of each posting within its block, cut off at `UInt32.max`.
    let ranks: [UInt32]
    /// For each record, where its list in `places` starts; one more entry than records.
    let starts: [UInt32]
    /// Indexes of postings, record by record.
    let places: [UInt32]
    /// Size of the largest block.
    let largest: Int

    /// Sorts postings, slot by slot so that each sort stays in the cache.
    init(_ postings: [KeyedTable.Posting], recordCount: Int) {
        let sorted = SortedBlocks.sort(postings)
        var records = [UInt32](repeating: 0, count: sorted.count)
        var ends = [UInt32](repeating: 0, count: sorted.count)
        var ranks = [UInt32](repeating: 0, count: sorted.count)
        var largest = 0
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].hash == sorted[start].hash { end += 1 }
            for index in start..<end {
                records[index] = sorted[index].record
                ends[index] = UInt32(end)
                ranks[index] = UInt32(index - start)
            }
            largest = max(largest, end - start)
            start = end
        }
        var starts = [UInt32](repeating: 0, count: recordCount + 1)
        for record in records { starts[Int(record) + 1] += 1 }
        for index in 0..<recordCount { starts[index + 1] += starts[index] }
        var next = starts
        var places = [UInt32](repeating: 0, count: records.count)
        for (place, record) in records.enumerated() {
            places[Int(next[Int(record)])] = UInt32(place)
            next[Int(record)] += 1
        }
        self.records = records
        blockEnds = ends
        self.ranks = ranks
        self.starts = starts
        self.places = places
        self.largest = largest
    }

    private static func sort(_ postings: [KeyedTable.Posting]) -> [KeyedTable.Posting] {
        var bounds = [Int](repeating: 0, count: Slot.count + 1)
        for posting in postings { bounds[Int(Slot(hash: posting.hash).rawValue) + 1] += 1 }
        for slot in 0..<Slot.count { bounds[slot + 1] += bounds[slot] }
        var next = bounds
        var sorted = [KeyedTable.Posting](repeating: .init(hash: 0, record: 0), count: postings.count)
        for posting in postings {
            let slot = Int(Slot(hash: posting.hash).rawValue)
            sorted[next[slot]] = posting
            next[slot] += 1
        }
        for slot in 0..<Slot.count {
            sorted[bounds[slot]..<bounds[slot + 1]].sort { ($0.hash, $0.record) < ($1.hash, $1.record) }
        }
        return sorted
    }
}
