import Bytes
import Identifiers
import Matching

/// Records that were decided but that a batch's candidate search may not have seen, indexed by blocking key.
///
/// Without it two copies of one person that arrive at the same moment would miss each other.
struct InFlightWindow {
    private struct Entry {
        var ticket: UInt64
        var row: [UInt8]
        var keys: [BlockingKey]
    }

    /// A record under one of its keys; those of one key form a chain.
    private struct Link {
        var record: RecordID
        var ticket: UInt64
        var next: Int
    }

    private static let none = -1

    private var entries: [RecordID: Entry] = [:]
    /// The first link of each key.
    private var blocks: [HashedKey: Int] = [:]
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
    func row(of record: RecordID) -> [UInt8]? { entries[record]?.row }

    /// Notes a decided record, replacing its earlier version.
    mutating func insert(_ record: KeyedRecord, ticket: UInt64) {
        remove(record.id)
        entries[record.id] = Entry(ticket: ticket, row: record.row, keys: record.keys)
        for key in record.keys { link(record.id, ticket, under: HashedKey(key.hash)) }
        order.append((ticket, record.id))
    }

    /// Takes a record out, for instance because it was deleted.
    mutating func remove(_ record: RecordID) {
        guard let place = entries.index(forKey: record) else { return }
        remove(at: place)
    }

    private mutating func remove(at place: Dictionary<RecordID, Entry>.Index) {
        let (record, old) = entries.remove(at: place)
        for key in old.keys { unlink(record, under: HashedKey(key.hash)) }
    }

    private mutating func link(_ record: RecordID, _ ticket: UInt64, under key: HashedKey) {
        let first = blocks[key] ?? InFlightWindow.none
        let place: Int
        if free == InFlightWindow.none {
            place = links.count
            links.append(Link(record: record, ticket: ticket, next: first))
        } else {
            place = free
            free = links[place].next
            links[place] = Link(record: record, ticket: ticket, next: first)
        }
        blocks[key] = place
    }

    private mutating func unlink(_ record: RecordID, under key: HashedKey) {
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
            var place = blocks[HashedKey(key.hash)] ?? InFlightWindow.none
            while place != InFlightWindow.none {
                let link = links[place]
                place = link.next
                guard link.ticket > ticket, link.record != query.id, !found.contains(link.record) else { continue }
                found.append(link.record)
            }
        }
        guard !found.isEmpty else { return [] }
        let prepared = try PreparedQuery(query.row, sketch: query.sketch, rules: rules)
        var scored: [(record: RecordID, weight: MatchWeight)] = []
        for record in found.sorted() {
            guard let entry = entries[record] else { continue }
            let weight = Self.score(entry.row, prepared)
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
            if let place = entries.index(forKey: order[forgotten].record), entries.values[place].ticket <= ticket {
                remove(at: place)
            }
            forgotten += 1
        }
        if forgotten > 4_096, forgotten * 2 > order.count {
            order.removeFirst(forgotten)
            forgotten = 0
        }
    }
}
