import Identifiers

/// Tells what an identity step changed, in a fixed order: removals, merges and splits by person, redirects by age,
/// links by record, identifiers that ended.
struct IdentityHistory {
    private(set) var events: [IdentityEvent] = []

    init(outcome: IdentityOutcome, assignment: GoldenAssignment) {
        let nodes = outcome.draft.nodes
        let removed = nodes.filter { !$0.isLive && $0.previous != nil }.sorted { $0.record < $1.record }
        for node in removed {
            if let golden = node.previous { events.append(.recordRemoved(record: node.record, from: golden)) }
        }
        var wasPrimary: Set<GoldenID> = []
        for node in nodes {
            if let golden = node.previous { wasPrimary.insert(golden) }
        }
        if !wasPrimary.isEmpty {
            for index in outcome.people.indices {
                tellOrigins(of: index, outcome: outcome, assignment: assignment, wasPrimary: wasPrimary)
            }
        }
        tellRedirects(outcome: outcome, assignment: assignment, wasPrimary: wasPrimary)
        for piece in outcome.pieces {
            for node in piece.nodes { tellLink(of: node, outcome: outcome) }
        }
        events += assignment.extinct.map { .goldenRetired($0) }
    }

    /// Says which persons went into a person, and which it left.
    private mutating func tellOrigins(
        of index: Int,
        outcome: IdentityOutcome,
        assignment: GoldenAssignment,
        wasPrimary: Set<GoldenID>
    ) {
        let person = outcome.people[index]
        let golden = person.goldens[0]
        var origins: [GoldenID] = []
        for node in person.nodes {
            guard let previous = outcome.draft.nodes[node].previous, previous != golden, !origins.contains(previous)
            else { continue }
            origins.append(previous)
        }
        origins.sort { $0.birth < $1.birth }
        for origin in origins {
            if assignment.personOfGolden[origin] == index {
                events.append(.personsMerged(survivor: golden, retired: origin))
            } else if !wasPrimary.contains(golden) {
                events.append(.personSplit(from: origin, new: golden))
            }
        }
    }

    /// Says which identifiers that were retired before and still are now point elsewhere.
    private mutating func tellRedirects(
        outcome: IdentityOutcome,
        assignment: GoldenAssignment,
        wasPrimary: Set<GoldenID>
    ) {
        for anchor in assignment.anchors where !wasPrimary.contains(anchor.golden) {
            guard let from = outcome.draft.nodes[anchor.node].previous else { continue }
            let to = outcome.people[outcome.personOfNode[anchor.node]].goldens[0]
            if to != from && to != anchor.golden { events.append(.goldenRedirected(anchor.golden, from: from, to: to)) }
        }
    }

    private mutating func tellLink(of node: Int, outcome: IdentityOutcome) {
        let person = outcome.personOfNode[node]
        guard person >= 0 else { return }
        let golden = outcome.people[person].goldens[0]
        let source = outcome.draft.nodes[node]
        if source.previous != golden {
            events.append(.recordLinked(record: source.record, from: source.previous, to: golden))
        }
    }
}
