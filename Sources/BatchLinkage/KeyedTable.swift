import Demographics
import Identifiers
import Matching

/// Keyed records in columns: one buffer of rows, one array a property, ready to be sorted and scored.
struct KeyedTable: Sendable {
    /// Most records of a batch: positions are 32 bits wide and a laptop's memory is finite.
    static let limit = 100_000_000

    /// A blocking key of the record at a position.
    struct Posting: Sendable {
        var hash: UInt64
        var record: UInt32
    }

    private(set) var keys: [RecordKey] = []
    private(set) var ids: [RecordID] = []
    private(set) var sketches: [Sketch] = []
    private(set) var facts: [GuardFacts] = []
    private(set) var rows: [UInt8] = []
    /// Where each row starts; one more entry than records.
    private(set) var rowStarts: [Int] = [0]
    private(set) var postings: [Posting] = []

    var count: Int { ids.count }

    mutating func append(_ key: RecordKey, _ keyed: KeyedRecord) {
        let position = UInt32(truncatingIfNeeded: ids.count)
        keys.append(key)
        ids.append(keyed.id)
        sketches.append(keyed.sketch)
        facts.append(keyed.facts)
        rows.append(contentsOf: keyed.row)
        rowStarts.append(rows.count)
        for key in keyed.keys { postings.append(Posting(hash: key.hash, record: position)) }
    }

    /// Appends another table behind this one.
    mutating func append(_ other: KeyedTable) {
        let shift = UInt32(truncatingIfNeeded: ids.count)
        let rowShift = rows.count
        keys += other.keys
        ids += other.ids
        sketches += other.sketches
        facts += other.facts
        rows += other.rows
        rowStarts += other.rowStarts.dropFirst().lazy.map { $0 + rowShift }
        postings += other.postings.lazy.map { Posting(hash: $0.hash, record: $0.record + shift) }
    }

    /// The same records in order of id, so that nothing after this depends on the order of input; of two records with
    /// one id the later stays, as in a registry.
    func canonical() -> KeyedTable {
        var order = [UInt32](0..<UInt32(count))
        order.sort { (ids[Int($0)], $0) < (ids[Int($1)], $1) }
        var newPosition = [UInt32](repeating: .max, count: count)
        var kept: [UInt32] = []
        kept.reserveCapacity(count)
        for (index, old) in order.enumerated() {
            if index + 1 < order.count, ids[Int(order[index + 1])] == ids[Int(old)] { continue }
            newPosition[Int(old)] = UInt32(kept.count)
            kept.append(old)
        }
        var result = KeyedTable()
        result.keys = kept.map { keys[Int($0)] }
        result.ids = kept.map { ids[Int($0)] }
        result.sketches = kept.map { sketches[Int($0)] }
        result.facts = kept.map { facts[Int($0)] }
        result.rows.reserveCapacity(rows.count)
        result.rowStarts.reserveCapacity(kept.count + 1)
        for old in kept {
            result.rows += rows[rowStarts[Int(old)]..<rowStarts[Int(old) + 1]]
            result.rowStarts.append(result.rows.count)
        }
        result.postings.reserveCapacity(postings.count)
        for posting in postings {
            let position = newPosition[Int(posting.record)]
            if position != .max { result.postings.append(Posting(hash: posting.hash, record: position)) }
        }
        return result
    }

    /// Gives every record the keys of a rule set in place of those that it has.
    mutating func rekey(_ postings: [Posting]) { self.postings = postings }

    /// The normal form of a record, read back from its row.
    ///
    /// - Throws: `LinkError.malformedRow`.
    func record(_ position: Int) throws(LinkError) -> NormalisedRecord {
        guard let record = FeatureRow.record(row(position)) else { throw .malformedRow(ids[position]) }
        return record
    }

    func row(_ position: Int) -> ArraySlice<UInt8> { rows[rowStarts[position]..<rowStarts[position + 1]] }

    mutating func takePostings() -> [Posting] {
        let taken = postings
        postings = []
        return taken
    }
}
