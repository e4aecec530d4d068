import Identifiers
import Matching

/// Records that were decided but that a batch's candidate search may not have seen, indexed by blocking key.
///
/// Without it two copies of one person that arrive at the same moment would miss each other.
struct InFlightWindow {
    private struct Entry {
        var ticket: UInt64
        var record: KeyedRecord
    }

    /// A record under one of its keys; those of one key form a chain.
    private struct Link {
        var record: RecordID
        var next: Int
    }

    private static let none = -1

    private var entries: [RecordID: Entry] = [:]
    /// The first link of each key.
    private var blocks: [UInt64: Int] = [:]
    private var links: [Link] = []
    /// The first of the links that are free, which form a chain too.
    private var free = none
    private var order: [(ticket: UInt64, record: RecordID)] = []
    private var forgotten = 0

    /// Records held.
    var count: Int { entries.count }

    /// Whether a record was written by a batch later than a ticket, so that a snapshot of then is out of date on it.
    func holds(_ record: RecordID, after ticket: UInt64) -> Bool {
        guard let entry = entries[record] else { return false }
        return entry.ticket > ticket
    }

    /// The feature row of a record that is held.
    func row(of record: RecordID) -> [UInt8]? { entries[record]?.record.row }

    /// Notes a decided record, replacing its earlier version.
    mutating func insert(_ record: KeyedRecord, ticket: UInt64) {
        remove(record.id)
        entries[record.id] = Entry(ticket: ticket, record: record)
        for key in record.keys { link(record.id, under: key.hash) }
        order.append((ticket, record.id))
    }

    /// Takes a record out, for instance because it was deleted.
    mutating func remove(_ record: RecordID) {
        guard let old = entries.removeValue(forKey: record) else { return }
        for key in old.record.keys { unlink(record, under: key.hash) }
    }

    private mutating func link(_ record: RecordID, under key: UInt64) {
        let first = blocks[key] ?? InFlightWindow.none
        let place: Int
        if free == InFlightWindow.none {
            place = links.count
            links.append(Link(record: record, next: first))
        } else {
            place = free
            free = links[place].next
            links[place] = Link(record: record, next: first)
        }
        blocks[key] = place
    }

    private mutating func unlink(_ record: RecordID, under key: UInt64) {
        guard var place = blocks[key] else { return }
        var before = InFlightWindow.none
        while links[place].record != record {
            before = place
            place = links[place].next
            // A record may have a key twice; the second time nothing is left.
            guard place != InFlightWindow.none else { return }
        }
        let next = links[place].next
        if before != InFlightWindow.none {
            links[before].next = next
        } else {
            blocks[key] = next == InFlightWindow.none ? nil : next
        }
        links[place].next = free
        free = place
    }

    /// Scores a record against all others that share a key and were written after a ticket.
    func neighbours(
        of query: KeyedRecord,
        after ticket: UInt64,
        rules: RuleSet,
        floor: MatchWeight
    ) throws -> [(record: RecordID, weight: MatchWeight)] {
        var found: [RecordID] = []
        for key in query.keys {
            var place = blocks[key.hash] ?? InFlightWindow.none
            while place != InFlightWindow.none {
                let record = links[place].record
                place = links[place].next
                guard record != query.id, !found.contains(record), let entry = entries[record], entry.ticket > ticket
                else { continue }
                found.append(record)
            }
        }
        guard !found.isEmpty else { return [] }
        let prepared = try PreparedQuery(query.row, sketch: query.sketch, rules: rules)
        var scored: [(record: RecordID, weight: MatchWeight)] = []
        for record in found.sorted() {
            guard let entry = entries[record] else { continue }
            let weight = Self.score(entry.record.row, prepared)
            if weight >= floor { scored.append((record, weight)) }
        }
        return scored
    }

    /// Scores a feature row.
    static func score(_ row: [UInt8], _ prepared: borrowing PreparedQuery) -> MatchWeight {
        row.withUnsafeBytes { prepared.score($0) }
    }

    /// Forgets records of tickets up to and including this one.
    mutating func forget(through ticket: UInt64) {
        while forgotten < order.count, order[forgotten].ticket <= ticket {
            let record = order[forgotten].record
            if let entry = entries[record], entry.ticket <= ticket { remove(record) }
            forgotten += 1
        }
        if forgotten > 4_096, forgotten * 2 > order.count {
            order.removeFirst(forgotten)
            forgotten = 0
        }
    }
}
