public import Identifiers

/// What another set of rules would change: the same records, divided into persons twice.
public struct PartitionDifference: Sendable, Equatable {
    /// Persons of one division that the other divides differently.
    public struct Change: Sendable, Equatable {
        /// The records of the person, grouped as the other division has them; every group in order of record.
        public var groups: [[RecordKey]]

        /// Records in all groups.
        public var records: Int { groups.reduce(0) { $0 + $1.count } }
    }

    /// Records in both divisions.
    public private(set) var records = 0
    /// Persons of the rules in force.
    public private(set) var activePersons = 0
    /// Persons of the candidate.
    public private(set) var candidatePersons = 0
    /// Pairs of records that are one person by the candidate only.
    public private(set) var joinedPairs = 0
    /// Pairs that are one person by the rules in force only.
    public private(set) var partedPairs = 0
    /// Persons of the candidate that hold records of several persons of today, the largest first.
    public private(set) var merges: [Change] = []
    /// Persons of today that the candidate divides, the largest first.
    public private(set) var splits: [Change] = []

    /// Compares two results; a record that only one of them has is left out.
    public init(active: LinkResult, candidate: LinkResult) {
        let there = Dictionary(candidate.links.map { ($0.key, $0.golden) }) { first, _ in first }
        var rows: [(key: RecordKey, active: GoldenID, candidate: GoldenID)] = []
        for link in active.links {
            if let other = there[link.key] { rows.append((link.key, link.golden, other)) }
        }
        records = rows.count
        let byActive = PartitionDifference.groups(rows.map { ($0.active, $0.candidate, $0.key) })
        let byCandidate = PartitionDifference.groups(rows.map { ($0.candidate, $0.active, $0.key) })
        activePersons = byActive.count
        candidatePersons = byCandidate.count
        splits = PartitionDifference.changes(byActive)
        merges = PartitionDifference.changes(byCandidate)
        partedPairs = PartitionDifference.pairsAcross(splits)
        joinedPairs = PartitionDifference.pairsAcross(merges)
    }

    /// The records of each person, grouped by the other division; persons and groups in order of first record.
    private static func groups(_ rows: [(GoldenID, GoldenID, RecordKey)]) -> [[[RecordKey]]] {
        var places: [GoldenID: Int] = [:]
        var inner: [[GoldenID: Int]] = []
        var result: [[[RecordKey]]] = []
        for (person, other, key) in rows {
            let place = places[person] ?? result.count
            if place == result.count {
                places[person] = place
                result.append([])
                inner.append([:])
            }
            let group = inner[place][other] ?? result[place].count
            if group == result[place].count {
                inner[place][other] = group
                result[place].append([])
            }
            result[place][group].append(key)
        }
        return result
    }

    private static func changes(_ persons: [[[RecordKey]]]) -> [Change] {
        let changed = persons.filter { $0.count > 1 }.map { Change(groups: $0) }
        let order = changed.indices.sorted { (changed[$1].records, $0) < (changed[$0].records, $1) }
        return order.map { changed[$0] }
    }

    private static func pairsAcross(_ changes: [Change]) -> Int {
        changes.reduce(0) { sum, change in
            let all = change.records * (change.records - 1) / 2
            return sum + all - change.groups.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
        }
    }
}
