/// Union-find over small integers (Tarjan 1975): union by size, path halving.
struct DisjointSets {
    private var parent: [Int32]
    private var size: [Int32]

    init(count: Int) {
        parent = (0..<Int32(count)).map { $0 }
        size = [Int32](repeating: 1, count: count)
    }

    mutating func find(_ element: Int) -> Int {
        var current = element
        while true {
            let up = Int(parent[current])
            if up == current { return current }
            let upper = parent[up]
            parent[current] = upper
            current = Int(upper)
        }
    }

    mutating func setSize(_ root: Int) -> Int { Int(size[root]) }

    /// Joins two sets given by their roots.
    ///
    /// - Returns: the root that remains.
    @discardableResult
    mutating func union(_ first: Int, _ second: Int) -> Int {
        precondition(first != second, "a set cannot be joined with itself")
        let (winner, loser) = size[first] >= size[second] ? (first, second) : (second, first)
        parent[loser] = Int32(winner)
        size[winner] += size[loser]
        return winner
    }
}
