import Identifiers

/// The parts of a component that hang together without its absent records, each partitioned on its own.
struct LivePieces {
    private(set) var partitions: [PersonPartition] = []
    /// The cluster of each member of the whole component, numbered from 0 by smallest member; -1 for absent members.
    private(set) var cluster: [Int32]

    init(draft: IdentityDraft, piece: Piece) {
        let groups = LivePieces.groups(draft: draft, piece: piece)
        cluster = [Int32](repeating: -1, count: piece.nodes.count)
        var firstOfGroup: [Int32] = []
        var clusters: Int32 = 0
        for group in groups {
            let partition = PersonPartition(draft: draft, piece: group.piece)
            firstOfGroup.append(clusters)
            for (index, member) in group.members.enumerated() {
                cluster[member] = clusters + partition.cluster[index]
            }
            clusters += (partition.cluster.max() ?? -1) + 1
            partitions.append(partition)
        }
        renumber(clusters: Int(clusters))
    }

    /// Numbers clusters by their smallest member.
    private mutating func renumber(clusters: Int) {
        var numbers = [Int32](repeating: -1, count: clusters)
        var next: Int32 = 0
        for member in cluster.indices where cluster[member] >= 0 {
            let old = Int(cluster[member])
            if numbers[old] < 0 {
                numbers[old] = next
                next += 1
            }
            cluster[member] = numbers[old]
        }
    }

    private static func groups(draft: IdentityDraft, piece: Piece) -> [(piece: Piece, members: [Int])] {
        var sets = DisjointSets(count: piece.nodes.count)
        func join(_ a: Int, _ b: Int) {
            let (first, second) = (sets.find(a), sets.find(b))
            if first != second { sets.union(first, second) }
        }
        func liveNumber(_ record: RecordID) -> Int? {
            guard let number = piece.number(of: record, in: draft), draft.nodes[piece.nodes[number]].isLive else {
                return nil
            }
            return number
        }
        let decided = piece.decisions.compactMap { decision -> (decision: StewardDecision, a: Int, b: Int)? in
            guard let a = liveNumber(decision.pair.a), let b = liveNumber(decision.pair.b) else { return nil }
            return (decision, a, b)
        }
        for link in piece.links { join(Int(link.a), Int(link.b)) }
        for item in decided where item.decision.kind == .mustLink { join(item.a, item.b) }
        var groups: [(piece: Piece, members: [Int])] = []
        var groupOfRoot = [Int](repeating: -1, count: piece.nodes.count)
        var place = [(group: Int, number: Int32)](repeating: (-1, -1), count: piece.nodes.count)
        for member in piece.nodes.indices where draft.nodes[piece.nodes[member]].isLive {
            let root = sets.find(member)
            if groupOfRoot[root] < 0 {
                groupOfRoot[root] = groups.count
                groups.append((Piece(nodes: [], wasCut: piece.wasCut), []))
            }
            let group = groupOfRoot[root]
            place[member] = (group, Int32(groups[group].members.count))
            groups[group].piece.nodes.append(piece.nodes[member])
            groups[group].members.append(member)
        }
        for link in piece.links {
            let (a, b) = (place[Int(link.a)], place[Int(link.b)])
            groups[a.group].piece.links.append(Piece.Link(a: a.number, b: b.number, weight: link.weight))
        }
        for item in decided where place[item.a].group == place[item.b].group {
            groups[place[item.a].group].piece.decisions.append(item.decision)
        }
        return groups
    }
}
