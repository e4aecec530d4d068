import Bytes
import Demographics
import Identifiers
import Matching

/// Keyed records in columns: one buffer of rows, one array a property, ready to be sorted and scored.
struct KeyedTable: Sendable {
    /// Most records of a batch: positions are 32 bits wide and a laptop's memory is finite.
    static let limit = 100_000_000

    /// Cache lines of most rows.
    private static let rowLines: UInt = 4

    /// A blocking key of the record at a position.
    struct Posting: Sendable {
        var hash: UInt64
        var record: UInt32
    }

    /// What bounds a score without the row, and where that stands: together, so that a candidate's costs come at once.
    struct Outline: Sendable {
        var sketch: Sketch
        var digest: FieldDigest
        /// Bytes of the row.
        var length: UInt16
        /// Its first byte among all rows.
        var start: Int
    }

    private(set) var keys: [RecordKey] = []
    private(set) var ids: [RecordID] = []
    private(set) var outlines: [Outline] = []
    private(set) var facts: [GuardFacts] = []
    /// The rows in the order in which they came; `outlines` tell whose they are.
    private var rows: [UInt8] = []
    /// Groups of blocking keys, in order of record.
    private var postings: [[Posting]] = [[]]
    /// One text for each source: as many records have the same.
    private var sources: [String: String] = [:]

    var count: Int { ids.count }

    mutating func append(_ key: RecordKey, _ keyed: KeyedRecord) {
        let position = UInt32(truncatingIfNeeded: ids.count)
        let source = sources[key.source] ?? key.source
        if sources[key.source] == nil { sources[key.source] = source }
        keys.append(RecordKey(source: source, value: key.value))
        ids.append(keyed.id)
        let digest = keyed.row.withUnsafeBytes { FieldDigest($0) }
        outlines.append(
            Outline(
                sketch: keyed.sketch,
                digest: digest ?? .unknown,
                length: UInt16(keyed.row.count),
                start: rows.count
            )
        )
        facts.append(keyed.facts)
        rows.append(contentsOf: keyed.row)
        for key in keyed.keys { postings[0].append(Posting(hash: key.hash, record: position)) }
    }

    /// Appends another table behind this one.
    mutating func append(_ other: KeyedTable) {
        let shift = UInt32(truncatingIfNeeded: ids.count)
        let rowShift = rows.count
        keys += other.keys
        ids += other.ids
        for outline in other.outlines {
            outlines.append(outline)
            outlines[outlines.count - 1].start += rowShift
        }
        facts += other.facts
        rows += other.rows
        for group in other.postings where !group.isEmpty {
            postings.append(group.map { Posting(hash: $0.hash, record: $0.record + shift) })
        }
    }

    /// Puts the records in order of id, so that nothing after this depends on the order of input; of two records with
    /// one id the later stays, as in a registry.
    mutating func makeCanonical() {
        let ids = ids
        let order = (0..<ids.count).map { (id: ids[$0], position: UInt32($0)) }
            .sorted { ($0.id, $0.position) < ($1.id, $1.position) }
        var newPosition = [UInt32](repeating: .max, count: ids.count)
        var kept: [Int] = []
        kept.reserveCapacity(ids.count)
        for (index, old) in order.enumerated() {
            if index + 1 < order.count, order[index + 1].id == old.id { continue }
            newPosition[Int(old.position)] = UInt32(kept.count)
            kept.append(Int(old.position))
        }
        KeyedTable.reorder(&keys, kept)
        KeyedTable.reorder(&self.ids, kept)
        KeyedTable.reorder(&outlines, kept)
        KeyedTable.reorder(&facts, kept)
        guard postings.contains(where: { !$0.isEmpty }) else { return }
        // Within a block records stand in order of position.
        let renumbered = postings.joined().compactMap { posting -> Posting? in
            let position = newPosition[Int(posting.record)]
            return position == .max ? nil : Posting(hash: posting.hash, record: position)
        }
        postings = [renumbered.sorted { ($0.record, $0.hash) < ($1.record, $1.hash) }]
    }

    private static func reorder<Value>(_ values: inout [Value], _ order: [Int]) { values = order.map { values[$0] } }

    /// Gives every record the keys of a rule set in place of those that it has; in order of record.
    mutating func rekey(_ postings: [[Posting]]) { self.postings = postings }

    /// The normal form of a record, read back from its row.
    ///
    /// - Throws: `LinkError.malformedRow`.
    func record(_ position: Int) throws(LinkError) -> NormalisedRecord {
        guard let record = withRow(position, { FeatureRow.record($0) }) else { throw .malformedRow(ids[position]) }
        return record
    }

    /// Lends the row of a record.
    @inline(__always)
    func withRow<Result>(_ position: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        rows.withUnsafeBytes { body(row(position, in: $0)) }
    }

    /// Lends all rows; `row(_:in:)` finds one.
    @inline(__always)
    func withRows<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try rows.span.bytes.withUnsafeBytes(body)
    }

    /// The row of a record among all rows.
    @inline(__always)
    func row(_ position: Int, in rows: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        KeyedTable.row(outlines[position], in: rows)
    }

    /// The row of a record whose outline is at hand.
    @inline(__always)
    static func row(_ outline: Outline, in rows: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: rows[outline.start..<outline.start &+ Int(outline.length)])
    }

    /// Asks for the outline of a record that is looked at soon.
    @inline(__always)
    func expectOutline(_ position: UInt32) { Prefetch.lines(2, of: outlines, at: Int(position)) }

    /// Asks for the row of a record that is looked at soon.
    @inline(__always)
    func expectRow(_ outline: Outline) { Prefetch.lines(KeyedTable.rowLines, of: rows, at: outline.start) }

    mutating func takePostings() -> [[Posting]] {
        let taken = postings
        postings = [[]]
        return taken
    }
}
