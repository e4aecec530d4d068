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
    mutating func finish(nextBirth: inout Sequence) throws(IdentityError) -> Resolution {
        var births = nextBirth
        let assignment = GoldenAssignment(draft: draft, people: people, personOfNode: personOfNode, nextBirth: &births)
        people = assignment.people
        var resolution = Resolution()
        resolution.minted = assignment.minted
        resolution.extinct = assignment.extinct
        resolution.components = try components(anchors: assignment.anchors)
        describeRows(in: &resolution)
        placeReviews(in: &resolution)
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

    /// Stores what stewards are asked now with the components, and compares it with what they were asked.
    private func placeReviews(in resolution: inout Resolution) {
        guard !(reviews.isEmpty && draft.doubts.isEmpty && draft.previousReviews.isEmpty) else { return }
        for doubt in draft.distinctDoubts {
            guard let place = place(of: doubt.pair) else { continue }
            resolution.components[place].component.doubts.append(doubt)
        }
        for task in ReviewTask.distinct(reviews) {
            guard let place = place(of: task.pair) else { continue }
            resolution.components[place].component.reviews.append(task)
        }
        for index in resolution.components.indices { resolution.components[index].component.dropExcessQuestions() }
        let open = draft.openDoubts(by: draft.policy) { personOfNode[$0] != personOfNode[$1] }
        let now = ReviewTask.distinct(reviews + open)
        let before = draft.previousReviews
        // Of a pair scored in this step the question is raised again: another component may hold an older answer.
        let scored = Set(draft.doubts.lazy.filter { $0.said >= 0 }.map(\.pair))
        resolution.reviews = ReviewTask.missing(from: before, among: now) { known, task in
            known == task && !(task.reason == .weightInReviewBand && scored.contains(task.pair))
        }
        resolution.settled = ReviewTask.missing(from: now, among: before) { _, _ in true }
    }

    /// The piece of the smaller known record of a pair.
    private func place(of pair: RecordPair) -> Int? {
        for record in [pair.a, pair.b] {
            if let node = draft.index(of: record), pieceOfNode[node] >= 0 { return pieceOfNode[node] }
        }
        return nil
    }
}
