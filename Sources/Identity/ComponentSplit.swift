import Identifiers

/// Splits a draft into its connected components, by match edges and must-link decisions.
struct ComponentSplit {
    /// The components, sorted by smallest member.
    private(set) var pieces: [Piece] = []
    private let draft: IdentityDraft
    /// Kept nodes, sorted by record; a node's position here is its rank.
    private var order: [Int] = []
    /// The rank of each node; -1 where it is forgotten.
    private var rank: [Int32]

    init(draft: IdentityDraft) {
        self.draft = draft
        rank = [Int32](repeating: -1, count: draft.nodes.count)
        rankNodes()
        var links = draft.edges.map { edge in
            let first = rank[edge.first]
            let second = rank[edge.second]
            return Piece.Link(a: min(first, second), b: max(first, second), weight: edge.weight)
        }
        links.sort(by: Piece.Link.precedes)
        dropExcess(&links)
        gather(links)
    }

    /// Lets go of an edge that is among the heaviest of neither of its records and that heavier edges lead around.
    ///
    /// What is among the heaviest of all, or in the heaviest spanning forest of all (Kruskal 1956), is so among any
    /// part of them: the same edges are left in whatever order and grouping records arrive, and hold together what all
    /// did.
    private func dropExcess(_ links: inout [Piece.Link]) {
        let bound = draft.policy.neighbourBound
        guard links.count > bound else { return }
        var degree = [Int](repeating: 0, count: order.count)
        var sets = DisjointSets(count: order.count)
        links.removeAll { link in
            let (a, b) = (Int(link.a), Int(link.b))
            degree[a] += 1
            degree[b] += 1
            let (first, second) = (sets.find(a), sets.find(b))
            if first != second { sets.union(first, second) }
            return first == second && degree[a] > bound && degree[b] > bound
        }
    }

    /// Absent records count only while a decision names them.
    private mutating func rankNodes() {
        var named = [Bool](repeating: false, count: draft.nodes.count)
        for case let decision? in draft.decisions {
            for record in [decision.pair.a, decision.pair.b] {
                if let index = draft.index(of: record) { named[index] = true }
            }
        }
        let nodes = draft.nodes
        order = nodes.indices.filter { nodes[$0].isLive || named[$0] }
        order.sort { nodes[$0].record < nodes[$1].record }
        for (position, node) in order.enumerated() { rank[node] = Int32(position) }
    }

    private func ranks(of pair: RecordPair) -> (Int?, Int?) {
        func position(_ record: RecordID) -> Int? {
            guard let index = draft.index(of: record), rank[index] >= 0 else { return nil }
            return Int(rank[index])
        }
        return (position(pair.a), position(pair.b))
    }

    private mutating func gather(_ links: [Piece.Link]) {
        var sets = DisjointSets(count: order.count)
        func join(_ a: Int, _ b: Int) {
            let (first, second) = (sets.find(a), sets.find(b))
            if first != second { sets.union(first, second) }
        }
        let decisions = draft.decisions.compactMap { $0 }.sorted { $0.pair < $1.pair }
        for decision in decisions where decision.kind == .mustLink {
            if case (let a?, let b?) = ranks(of: decision.pair) { join(a, b) }
        }
        for link in links { join(Int(link.a), Int(link.b)) }
        let home = distribute(sets: &sets)
        for link in links { pieces[home[Int(link.a)].piece].links.append(home.renumbered(link)) }
        for decision in decisions {
            let (a, b) = ranks(of: decision.pair)
            let first = a.map { home[$0].piece }
            let second = b.map { home[$0].piece }
            if let first { pieces[first].decisions.append(decision) }
            if let second, second != first { pieces[second].decisions.append(decision) }
        }
        if pieces.contains(where: ComponentCut.isNeeded) {
            pieces = pieces.flatMap { ComponentCut.isNeeded($0) ? ComponentCut(piece: $0, draft: draft).pieces : [$0] }
            pieces.sort { draft.nodes[$0.nodes[0]].record < draft.nodes[$1.nodes[0]].record }
        }
    }

    /// Makes the pieces and tells where each rank went.
    private mutating func distribute(sets: inout DisjointSets) -> [Place] {
        var home: [Place] = []
        home.reserveCapacity(order.count)
        var pieceOfRoot = [Int](repeating: -1, count: order.count)
        for position in order.indices {
            let root = sets.find(position)
            if pieceOfRoot[root] < 0 {
                pieceOfRoot[root] = pieces.count
                pieces.append(Piece(nodes: []))
            }
            let piece = pieceOfRoot[root]
            home.append(Place(piece: piece, number: Int32(pieces[piece].nodes.count)))
            pieces[piece].nodes.append(order[position])
        }
        return home
    }

    /// Where a rank went: its piece and its number in it.
    struct Place {
        var piece: Int
        var number: Int32
    }
}

extension [ComponentSplit.Place] {
    fileprivate func renumbered(_ link: Piece.Link) -> Piece.Link {
        Piece.Link(a: self[Int(link.a)].number, b: self[Int(link.b)].number, weight: link.weight)
    }
}
