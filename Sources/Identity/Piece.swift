import Identifiers

/// One connected component of a draft, with its members numbered by record order.
struct Piece {
    /// An edge between two numbered members, `a < b`.
    struct Link {
        var a: Int32
        var b: Int32
        var weight: MatchWeight

        /// The order in which edges are taken: heavier first, then by record.
        ///
        /// Numbers follow record order.
        static func precedes(_ left: Link, _ right: Link) -> Bool {
            if left.weight != right.weight { return left.weight > right.weight }
            return (left.a, left.b) < (right.a, right.b)
        }
    }

    /// Indices of nodes, sorted by record.
    var nodes: [Int]
    /// In the order of `Link.precedes`.
    var links: [Link] = []
    /// Sorted by pair.
    var decisions: [StewardDecision] = []
    /// Whether edges were dropped to keep within `IdentityLimits`.
    var wasCut = false

    /// Members that hold as many edges as they may: which of the others they resemble as well is not known.
    func crowded(past bound: Int) -> [Bool] {
        var degree = [Int](repeating: 0, count: nodes.count)
        for link in links {
            degree[Int(link.a)] += 1
            degree[Int(link.b)] += 1
        }
        return degree.map { $0 >= bound }
    }

    /// The number of a member, by binary search.
    func number(of record: RecordID, in draft: IdentityDraft) -> Int? {
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if draft.nodes[nodes[middle]].record < record { low = middle + 1 } else { high = middle }
        }
        return low < nodes.count && draft.nodes[nodes[low]].record == record ? low : nil
    }
}
