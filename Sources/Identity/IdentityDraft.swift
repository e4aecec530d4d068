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

    /// A pair in the review band; the other record may be unknown.
    struct Doubt {
        var pair: RecordPair
        var weight: MatchWeight
        var said: Int
    }

    let policy: IdentityPolicy
    var nodes: [Node] = []
    var edges: [DraftEdge] = []
    var doubts: [Doubt] = []
    var decisions: [StewardDecision?] = []
    var anchors: [Component.Anchor] = []
    /// What stewards were asked before the changes.
    var previousReviews: [ReviewTask] = []
    var previousIDs: [RecordID] = []
    private var place: [RecordID: Int] = [:]
    private var decisionPlace: [RecordPair: Int] = [:]
    private var step = 0

    init(parts: [Component], policy: IdentityPolicy, former: IdentityPolicy? = nil) throws(IdentityError) {
        self.policy = policy
        for part in parts { try add(part) }
        for policy in [policy, former].compactMap({ $0 }) {
            previousReviews += openDoubts(by: policy) { nodes[$0].previous != nodes[$1].previous }
        }
        previousReviews = ReviewTask.distinct(previousReviews)
    }

    /// The questions that doubts raise.
    ///
    /// - Parameters:
    ///   - policy: what is a doubt.
    ///   - areTwo: whether the records of two nodes are different persons.
    /// - Returns: a task for each doubt between two persons, or with a record that is in no given component.
    func openDoubts(by policy: IdentityPolicy, _ areTwo: (Int, Int) -> Bool) -> [ReviewTask] {
        var tasks: [ReviewTask] = []
        for doubt in doubts where doubt.weight >= policy.reviewThreshold && doubt.weight < policy.matchThreshold {
            guard decision(on: doubt.pair) == nil else { continue }
            if let first = place[doubt.pair.a], let second = place[doubt.pair.b], !areTwo(first, second) { continue }
            let task = ReviewTask(pair: doubt.pair, reason: .weightInReviewBand, weight: doubt.weight, policy: policy)
            tasks.append(task)
        }
        return tasks
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
        for edge in part.edges where edge.weight >= policy.matchThreshold {
            guard let first = part.memberIndex(edge.pair.a), let second = part.memberIndex(edge.pair.b) else {
                continue
            }
            edges.append(DraftEdge(first: base + first, second: base + second, weight: edge.weight, said: -1))
        }
        for decision in part.decisions { keep(decision) }
        anchors.append(contentsOf: part.anchors)
        previousReviews.append(contentsOf: part.reviews)
        for doubt in part.doubts { doubts.append(Doubt(pair: doubt.pair, weight: doubt.weight, said: -1)) }
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
            if neighbour.weight < policy.matchThreshold {
                guard neighbour.weight >= policy.reviewThreshold else { continue }
                doubts.append(Doubt(pair: pair, weight: neighbour.weight, said: step))
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
        edges = edges.filter { edge in
            let first = nodes[edge.first]
            let second = nodes[edge.second]
            return first.isLive && second.isLive && edge.said >= first.touched && edge.said >= second.touched
        }
        doubts = doubts.filter { !isStale($0) }
    }

    /// Each pair in the review band once, at its heaviest, sorted by pair.
    var distinctDoubts: [Component.Edge] {
        var kept: [Component.Edge] = []
        for doubt in doubts.sorted(by: { ($0.pair, $1.weight) < ($1.pair, $0.weight) })
        where kept.last?.pair != doubt.pair {
            kept.append(Component.Edge(pair: doubt.pair, weight: doubt.weight))
        }
        return kept
    }

    private func isStale(_ doubt: Doubt) -> Bool {
        for record in [doubt.pair.a, doubt.pair.b] {
            guard let index = place[record] else { continue }
            if !nodes[index].isLive || doubt.said < nodes[index].touched { return true }
        }
        return false
    }
}
