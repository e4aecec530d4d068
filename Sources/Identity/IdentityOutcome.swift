import Demographics
import Identifiers

/// Puts partitions, golden identifiers, reviews and events together into a resolution.
struct IdentityOutcome {
    /// A person before it has a name.
    struct DraftPerson {
        var piece: Int
        /// Indices of nodes, sorted by record.
        var nodes: [Int]
        /// Oldest first.
        var goldens: [GoldenID] = []
    }

    private(set) var pieces: [Piece] = []
    private var isTooLarge: [Bool] = []
    private(set) var people: [DraftPerson] = []
    /// The person of each node; -1 for absent and forgotten records.
    private(set) var personOfNode: [Int]
    private var pieceOfNode: [Int]
    private var reviews: [ReviewTask] = []
    let draft: IdentityDraft

    init(draft: IdentityDraft) {
        self.draft = draft
        personOfNode = [Int](repeating: -1, count: draft.nodes.count)
        pieceOfNode = personOfNode
    }

    mutating func place(_ piece: Piece, by partition: PersonPartition) {
        let base = people.count
        for (member, node) in piece.nodes.enumerated() {
            pieceOfNode[node] = pieces.count
            let cluster = Int(partition.cluster[member])
            guard cluster >= 0 else { continue }
            if base + cluster == people.count { people.append(DraftPerson(piece: pieces.count, nodes: [])) }
            people[base + cluster].nodes.append(node)
            personOfNode[node] = base + cluster
        }
        pieces.append(piece)
        isTooLarge.append(partition.isTooLarge)
        reviews.append(contentsOf: partition.reviews)
    }

    /// Names the persons and describes the rows, the questions and the events.
    mutating func finish(policy: IdentityPolicy, nextBirth: inout Sequence) throws(IdentityError) -> Resolution {
        var births = nextBirth
        let assignment = GoldenAssignment(draft: draft, people: people, personOfNode: personOfNode, nextBirth: &births)
        people = assignment.people
        var resolution = Resolution()
        resolution.minted = assignment.minted
        resolution.extinct = assignment.extinct
        resolution.components = try components(anchors: assignment.anchors)
        describeRows(in: &resolution)
        placeReviews(policy: policy, in: &resolution)
        resolution.events = IdentityHistory(outcome: self, assignment: assignment).events
        resolution.events += resolution.reviews.map { .reviewRaised($0) }
        resolution.events += resolution.settled.map { .reviewSettled($0) }
        nextBirth = births
        return resolution
    }

    private func components(
        anchors: [GoldenAssignment.Placed]
    ) throws(IdentityError) -> [Resolution.ResolvedComponent] {
        var resolved = pieces.indices.map { index in
            let component = component(pieces[index])
            return Resolution.ResolvedComponent(
                id: component.members[0].record,
                component: component,
                persons: [],
                isTooLarge: isTooLarge[index]
            )
        }
        for anchor in anchors {
            resolved[pieceOfNode[anchor.node]].component.anchors.append(
                Component.Anchor(golden: anchor.golden, record: draft.nodes[anchor.node].record)
            )
        }
        for person in people {
            let members = person.nodes.map { draft.nodes[$0].record }
            let retired = Array(person.goldens.dropFirst())
            resolved[person.piece].persons.append(
                Person(golden: person.goldens[0], members: members, retired: retired)
            )
        }
        for index in resolved.indices {
            let component = resolved[index].component
            guard component.decisions.count <= IdentityLimits.decisions else {
                throw .tooManyDecisions(resolved[index].id)
            }
            guard component.anchors.count <= IdentityLimits.anchors else { throw .tooManyAnchors(resolved[index].id) }
        }
        return resolved
    }

    private func component(_ piece: Piece) -> Component {
        var component = Component()
        component.members = piece.nodes.map { member($0) }
        component.edges.reserveCapacity(piece.links.count)
        for link in piece.links {
            let a = component.members[Int(link.a)].record
            let b = component.members[Int(link.b)].record
            if let pair = RecordPair(a, b) { component.edges.append(.init(pair: pair, weight: link.weight)) }
        }
        component.decisions = piece.decisions
        return component
    }

    private func member(_ node: Int) -> Component.Member {
        let source = draft.nodes[node]
        let person = personOfNode[node]
        return Component.Member(
            record: source.record,
            born: source.born,
            facts: source.isLive ? source.facts : .init(),
            golden: person < 0 ? nil : people[person].goldens[0],
            isAbsent: !source.isLive
        )
    }

    private func describeRows(in resolution: inout Resolution) {
        let ids = resolution.components.map(\.id)
        resolution.dissolved = draft.previousIDs.sorted().filter { id in
            var low = 0
            var high = ids.count
            while low < high {
                let middle = (low + high) / 2
                if ids[middle] < id { low = middle + 1 } else { high = middle }
            }
            return low == ids.count || ids[low] != id
        }
        resolution.forgotten =
            draft.nodes.indices.filter { pieceOfNode[$0] < 0 }.map { draft.nodes[$0].record }.sorted()
    }

    /// Gathers what stewards are asked now, stores it with the components and compares it with what they were asked.
    private func placeReviews(policy: IdentityPolicy, in resolution: inout Resolution) {
        guard !(reviews.isEmpty && draft.bandEdges.isEmpty && draft.previousReviews.isEmpty) else { return }
        var tasks = reviews
        for edge in draft.bandEdges where edge.weight >= policy.reviewThreshold && isOpen(edge.pair) {
            tasks.append(
                ReviewTask(pair: edge.pair, reason: .weightInReviewBand, weight: edge.weight, policy: policy)
            )
        }
        for task in draft.previousReviews where task.reason == .weightInReviewBand {
            guard task.weight >= policy.reviewThreshold, task.weight < policy.matchThreshold, isOpen(task.pair),
                !draft.wasTouched(task.pair)
            else { continue }
            tasks.append(task)
        }
        store(ReviewTask.distinct(tasks), in: &resolution)
        let now = resolution.components.flatMap(\.component.reviews).sorted()
        let before = draft.previousReviews.sorted()
        resolution.reviews = now.filter { !before.contains($0) }
        resolution.settled = before.filter { task in
            !now.contains { $0.pair == task.pair && $0.reason == task.reason }
        }
    }

    /// Whether a pair is still two persons that no steward decided about.
    private func isOpen(_ pair: RecordPair) -> Bool {
        guard draft.decision(on: pair) == nil else { return false }
        guard let first = draft.index(of: pair.a), let second = draft.index(of: pair.b) else { return true }
        return personOfNode[first] != personOfNode[second]
    }

    /// Keeps each task with the component of its smaller known record, the most harmful where there are too many.
    private func store(_ tasks: [ReviewTask], in resolution: inout Resolution) {
        for task in tasks {
            let places = [task.pair.a, task.pair.b].compactMap { draft.index(of: $0) }.map { pieceOfNode[$0] }
            guard let place = places.first(where: { $0 >= 0 }) else { continue }
            resolution.components[place].component.reviews.append(task)
        }
        for index in resolution.components.indices {
            let kept = resolution.components[index].component.reviews
            guard kept.count > IdentityLimits.reviews else { continue }
            let harmful = kept.sorted { ($1.harm, $0) < ($0.harm, $1) }.prefix(IdentityLimits.reviews)
            resolution.components[index].component.reviews = harmful.sorted()
        }
    }
}
