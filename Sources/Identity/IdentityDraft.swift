import Demographics
import Identifiers

/// The records, edges and decisions of all touched components while changes are applied to them.
struct IdentityDraft {
    /// A record in the draft.
    struct Node {
        var record: RecordID
        var born: Sequence
        var facts: GuardFacts
        /// The person it belonged to before the changes.
        var previous: GoldenID?
        var isLive: Bool
        /// The last change that replaced the record's edges; -1 where none did.
        var touched = -1
    }

    /// An edge as it was said, by which change.
    struct DraftEdge {
        var first: Int
        var second: Int
        var weight: MatchWeight
        var said: Int
    }

    /// An edge below the match threshold, for review only; the other record may be unknown.
    struct BandEdge {
        var pair: RecordPair
        var weight: MatchWeight
        var said: Int
    }

    let matchThreshold: MatchWeight
    var nodes: [Node] = []
    var edges: [DraftEdge] = []
    var bandEdges: [BandEdge] = []
    var decisions: [StewardDecision?] = []
    var anchors: [Component.Anchor] = []
    var previousReviews: [ReviewTask] = []
    var previousIDs: [RecordID] = []
    private var place: [RecordID: Int] = [:]
    private var decisionPlace: [RecordPair: Int] = [:]
    private var step = 0

    init(parts: [Component], matchThreshold: MatchWeight) throws(IdentityError) {
        self.matchThreshold = matchThreshold
        for part in parts { try add(part) }
    }

    func index(of record: RecordID) -> Int? { place[record] }

    func decision(on pair: RecordPair) -> StewardDecision? {
        guard let index = decisionPlace[pair] else { return nil }
        return decisions[index]
    }

    private mutating func add(_ part: Component) throws(IdentityError) {
        if let id = part.id { previousIDs.append(id) }
        let base = nodes.count
        for member in part.members {
            guard place.updateValue(nodes.count, forKey: member.record) == nil else {
                throw .duplicateRecord(member.record)
            }
            nodes.append(
                Node(
                    record: member.record,
                    born: member.born,
                    facts: member.facts,
                    previous: member.isAbsent ? nil : member.golden,
                    isLive: !member.isAbsent
                )
            )
        }
        for edge in part.edges where edge.weight >= matchThreshold {
            guard let first = part.memberIndex(edge.pair.a), let second = part.memberIndex(edge.pair.b) else {
                continue
            }
            edges.append(DraftEdge(first: base + first, second: base + second, weight: edge.weight, said: -1))
        }
        for decision in part.decisions { keep(decision) }
        anchors.append(contentsOf: part.anchors)
        previousReviews.append(contentsOf: part.reviews)
    }

    mutating func apply(_ change: IdentityChange) throws(IdentityError) {
        switch change {
        case .upsert(let record, let at, let facts, let neighbours):
            upsert(record, at: at, facts: facts)
            try connect(record, to: neighbours)
        case .remove(let record):
            guard let index = place[record], nodes[index].isLive else { throw .missingRecords([record]) }
            nodes[index].isLive = false
            nodes[index].touched = step
        case .decide(let decision):
            try require([decision.pair.a, decision.pair.b])
            keep(decision)
        case .undo(let pair):
            try require([pair.a, pair.b])
            if let index = decisionPlace.removeValue(forKey: pair) { decisions[index] = nil }
        }
        step += 1
    }

    private mutating func upsert(_ record: RecordID, at: Sequence, facts: GuardFacts) {
        if let index = place[record] {
            // A record that comes back within its own removal is an update; one that was absent is born again.
            if !nodes[index].isLive && nodes[index].previous == nil { nodes[index].born = at }
            nodes[index].facts = facts
            nodes[index].isLive = true
            nodes[index].touched = step
        } else {
            place[record] = nodes.count
            nodes.append(Node(record: record, born: at, facts: facts, previous: nil, isLive: true, touched: step))
        }
    }

    private mutating func connect(_ record: RecordID, to neighbours: [IdentityChange.Neighbour]) throws(IdentityError) {
        guard !neighbours.isEmpty, let first = place[record] else { return }
        var missing: [RecordID] = []
        for neighbour in IdentityDraft.distinct(neighbours) {
            guard let pair = RecordPair(record, neighbour.record) else { continue }
            if neighbour.weight < matchThreshold {
                bandEdges.append(BandEdge(pair: pair, weight: neighbour.weight, said: step))
            } else if let second = place[neighbour.record], nodes[second].isLive {
                edges.append(DraftEdge(first: first, second: second, weight: neighbour.weight, said: step))
            } else {
                missing.append(neighbour.record)
            }
        }
        guard missing.isEmpty else { throw .missingRecords(missing.sorted()) }
    }

    /// Each record once, with the heaviest weight said of it.
    private static func distinct(_ neighbours: [IdentityChange.Neighbour]) -> [IdentityChange.Neighbour] {
        guard neighbours.count > 1 else { return neighbours }
        var kept: [IdentityChange.Neighbour] = []
        for neighbour in neighbours.sorted(by: { ($0.record, $1.weight) < ($1.record, $0.weight) })
        where kept.last?.record != neighbour.record {
            kept.append(neighbour)
        }
        return kept
    }

    private func require(_ records: [RecordID]) throws(IdentityError) {
        let missing = records.filter { place[$0] == nil }
        guard missing.isEmpty else { throw .missingRecords(missing) }
    }

    /// Keeps the later of two decisions on a pair.
    private mutating func keep(_ decision: StewardDecision) {
        if let index = decisionPlace[decision.pair], let known = decisions[index] {
            if decision.at >= known.at { decisions[index] = decision }
        } else {
            decisionPlace[decision.pair] = decisions.count
            decisions.append(decision)
        }
    }

    /// Drops edges that later changes replaced or that lost an end.
    mutating func close() {
        edges.removeAll { edge in
            let first = nodes[edge.first]
            let second = nodes[edge.second]
            return !first.isLive || !second.isLive || edge.said < first.touched || edge.said < second.touched
        }
        bandEdges.removeAll { edge in isStale(edge) }
    }

    /// Whether a change replaced the edges of one of two records, or removed it.
    func wasTouched(_ pair: RecordPair) -> Bool {
        [pair.a, pair.b].contains { record in
            guard let index = place[record] else { return false }
            return nodes[index].touched >= 0 || !nodes[index].isLive
        }
    }

    private func isStale(_ edge: BandEdge) -> Bool {
        for record in [edge.pair.a, edge.pair.b] {
            guard let index = place[record] else { continue }
            if !nodes[index].isLive || edge.said < nodes[index].touched { return true }
        }
        return false
    }
}
