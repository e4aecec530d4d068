import Bytes
import Identifiers

/// Postings in blocks of one key, records in order; and for each record the places from which it has others behind it.
///
/// A key that one record alone has, and most are such, leaves no trace.
struct SortedBlocks: Sendable {
    /// The record of each posting.
    private let records: [UInt32]
    /// The first posting behind the block of each posting.
    private let blockEnds: [UInt32]
    /// For each record, where its list in `places` starts; one more entry than records.
    private let starts: [UInt32]
    /// Indexes of postings, record by record; the last posting of a block is none of them.
    private let places: [UInt32]
    /// For each posting whether it stands too far back in its block to ask for others; empty where none does.
    private let isCut: [Bool]
    /// Size of the largest block.
    let largest: Int
    /// Postings of all records, those of lone keys included.
    let keys: Int

    /// Slots that one task sorts: a few ten thousand postings of a million records.
    private static let slotGroup = 32
    /// Next bits of a hash by which a slot is divided before its parts are sorted.
    private static let partBits: UInt64 = 10
    /// Most postings that are sorted by insertion.
    private static let insertionLimit = 64

    /// The blocks of some slots.
    private struct Part: Sendable {
        var records: [UInt32] = []
        var blockEnds: [UInt32] = []
        var largest = 0
    }

    /// Sorts postings, slot by slot so that each sort stays in the cache.
    ///
    /// - Parameters:
    ///   - postings: keys in order of record.
    ///   - recordCount: how many records there are.
    ///   - limit: how many records of a block ask for others.
    init(_ postings: consuming [[KeyedTable.Posting]], recordCount: Int, limit: Int) async {
        let (slotted, bounds) = SortedBlocks.slotted(postings)
        // Given back before anything else is made of them.
        _ = consume postings
        keys = slotted.count
        let parts = await LinkRun.inRanges(Slot.count, by: SortedBlocks.slotGroup) { slots throws(Never) in
            var part = Part()
            for slot in slots { SortedBlocks.append(slotted[bounds[slot]..<bounds[slot + 1]], to: &part) }
            return part
        }
        let count = parts.reduce(0) { $0 + $1.records.count }
        var records: [UInt32] = []
        var ends: [UInt32] = []
        records.reserveCapacity(count)
        ends.reserveCapacity(count)
        for part in parts {
            let shift = UInt32(records.count)
            records += part.records
            ends += part.blockEnds.lazy.map { $0 + shift }
        }
        largest = parts.reduce(recordCount > 0 && keys > 0 ? 1 : 0) { max($0, $1.largest) }
        isCut = largest > limit ? SortedBlocks.cut(ends, limit: limit) : []
        var starts = [UInt32](repeating: 0, count: recordCount + 1)
        for (place, record) in records.enumerated() where ends[place] > UInt32(place) + 1 {
            starts[Int(record) + 1] += 1
        }
        for index in 0..<recordCount { starts[index + 1] += starts[index] }
        var next = starts
        var places = [UInt32](repeating: 0, count: Int(starts[recordCount]))
        for (place, record) in records.enumerated() where ends[place] > UInt32(place) + 1 {
            places[Int(next[Int(record)])] = UInt32(place)
            next[Int(record)] += 1
        }
        self.records = records
        blockEnds = ends
        self.starts = starts
        self.places = places
    }

    /// The records behind a position that share a key with it and are reached: of a block longer than the limit, only
    /// the first records ask for others.
    ///
    /// - Parameters:
    ///   - position: the record that asks.
    ///   - candidates: becomes the records, each once.
    ///   - seen: working memory, an entry for each record.
    ///   - cut: counts the blocks in which the record does not ask.
    func gather(_ position: Int, into candidates: inout [UInt32], seen: inout [UInt32], cut: inout Int) {
        candidates.removeAll(keepingCapacity: true)
        let own = UInt32(position)
        for entry in starts[position]..<starts[position + 1] {
            let place = Int(places[Int(entry)])
            if !isCut.isEmpty, isCut[place] {
                cut += 1
                continue
            }
            for record in records[place + 1..<Int(blockEnds[place])] where seen[Int(record)] != own {
                seen[Int(record)] = own
                candidates.append(record)
            }
        }
    }

    /// Asks for the blocks of a record that is asked about soon; of one that there is not, for nothing.
    @inline(__always)
    func expect(_ position: Int) {
        guard position + 1 < starts.count else { return }
        for entry in starts[position]..<starts[position + 1] {
            Prefetch.lines(1, of: records, at: Int(places[Int(entry)]))
            Prefetch.lines(1, of: blockEnds, at: Int(places[Int(entry)]))
        }
    }

    /// Postings in order of slot, within a slot in order of record; and where each slot begins.
    private static func slotted(_ postings: [[KeyedTable.Posting]]) -> ([KeyedTable.Posting], [Int]) {
        var bounds = [Int](repeating: 0, count: Slot.count + 1)
        for group in postings {
            for posting in group { bounds[Int(Slot(hash: posting.hash).rawValue) + 1] += 1 }
        }
        for slot in 0..<Slot.count { bounds[slot + 1] += bounds[slot] }
        var next = bounds
        let count = bounds[Slot.count]
        let slotted = [KeyedTable.Posting](unsafeUninitializedCapacity: count) { slotted, initialized in
            for group in postings {
                for posting in group {
                    let slot = Int(Slot(hash: posting.hash).rawValue)
                    slotted.initializeElement(at: next[slot], to: posting)
                    next[slot] += 1
                }
            }
            initialized = count
        }
        return (slotted, bounds)
    }

    /// Appends the blocks of one slot.
    private static func append(_ postings: ArraySlice<KeyedTable.Posting>, to part: inout Part) {
        let count = 1 << Int(partBits)
        func place(_ posting: KeyedTable.Posting) -> Int {
            Int(truncatingIfNeeded: posting.hash &>> (52 &- partBits)) & (count - 1)
        }
        var next = [Int](repeating: 0, count: count + 1)
        for posting in postings { next[place(posting) + 1] += 1 }
        for index in 0..<count { next[index + 1] += next[index] }
        var sorted = [KeyedTable.Posting](repeating: .init(hash: 0, record: 0), count: postings.count)
        for posting in postings {
            let index = place(posting)
            sorted[next[index]] = posting
            next[index] += 1
        }
        for index in 0..<count { sort(&sorted, (index == 0 ? 0 : next[index - 1])..<next[index]) }
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].hash == sorted[start].hash { end += 1 }
            if end - start > 1 {
                let blockEnd = UInt32(part.records.count + end - start)
                for index in start..<end {
                    part.records.append(sorted[index].record)
                    part.blockEnds.append(blockEnd)
                }
                part.largest = max(part.largest, end - start)
            }
            start = end
        }
    }

    /// Sorts a few postings by insertion, which keeps the order of records; many are seldom.
    private static func sort(_ postings: inout [KeyedTable.Posting], _ range: Range<Int>) {
        guard range.count <= insertionLimit else {
            return postings[range].sort { ($0.hash, $0.record) < ($1.hash, $1.record) }
        }
        for index in range.dropFirst() {
            let posting = postings[index]
            var hole = index
            while hole > range.lowerBound, postings[hole - 1].hash > posting.hash {
                postings[hole] = postings[hole - 1]
                hole -= 1
            }
            postings[hole] = posting
        }
    }

    /// Which postings stand at or beyond the limit of their block.
    private static func cut(_ ends: [UInt32], limit: Int) -> [Bool] {
        var start = 0
        return ends.indices.map { index in
            if index > 0, ends[index - 1] == UInt32(index) { start = index }
            return index - start >= limit
        }
    }
}
