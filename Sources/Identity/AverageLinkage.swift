import Identifiers

/// Joins clusters of one component by their mean evidence, the best pair first (Sokal and Michener 1958).
///
/// Between two clusters every pair of records counts: a pair with an edge with the edge's margin over the match
/// threshold, any other as evidence against, unless both records hold as many edges as they may. What the sizes of the
/// two clusters say is added to the mean. So one lucky edge does
/// not join two families, and a chain of weak ones does not grow. A cluster goes by its smallest member and ties go to
/// smaller members: the order of input leaves no trace.
struct AverageLinkage {
    /// What two clusters have in common.
    private struct Evidence {
        /// Margins of the edges, summed, in millibits.
        var margin: Int64 = 0
        var edges: Int64 = 0
        /// Of these, the ones between two crowded records.
        var crowded: Int64 = 0
        /// The first of the links, which is the heaviest.
        var link = Int.max

        mutating func add(_ other: Evidence) {
            margin += other.margin
            edges += other.edges
            crowded += other.crowded
            link = min(link, other.link)
        }
    }

    /// A pair of clusters, as they were when it was weighed.
    private struct Candidate {
        var mean: Int64
        var first: Int32
        var second: Int32
        var firstVersion: Int32
        var secondVersion: Int32

        static func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
            if left.mean != right.mean { return left.mean > right.mean }
            return (left.first, left.second) < (right.first, right.second)
        }
    }

    /// Means are kept in sixteenths of a millibit, so that few different ones look equal.
    private static let meanScale: Int64 = 16

    private let absent: Int64
    private let growth: SizeEvidence
    private let links: [Piece.Link]
    /// By label of a cluster: its evidence with others.
    private var between: [[Int32: Evidence]]
    private var sizes: [Int64]
    /// By label: how many of its records are crowded.
    private var crowds: [Int64]
    private var versions: [Int32]
    private var isAlive: [Bool]
    private var queue: [Candidate] = []
    /// Links whose clusters a guard kept apart.
    private(set) var refused: [(link: Piece.Link, reason: GuardReason)] = []

    /// Weighs the links of a piece among the clusters that decisions made.
    ///
    /// `isCrowded` tells of each member whether it holds as many edges as it may: that two such have none says nothing.
    init(
        links: [Piece.Link],
        isCrowded: [Bool],
        absent: MatchWeight,
        growth: SizeEvidence,
        threshold: MatchWeight,
        _ forest: inout ClusterForest
    ) {
        let count = isCrowded.count
        self.links = links
        self.absent = Int64(absent.millibits)
        self.growth = growth
        between = [[Int32: Evidence]](repeating: [:], count: count)
        sizes = [Int64](repeating: 0, count: count)
        crowds = sizes
        versions = [Int32](repeating: 0, count: count)
        isAlive = [Bool](repeating: false, count: count)
        var labels = [Int32](repeating: -1, count: count)
        var labelOfRoot = labels
        for member in 0..<count {
            let root = forest.root(member)
            if labelOfRoot[root] < 0 {
                labelOfRoot[root] = Int32(member)
                isAlive[member] = true
            }
            labels[member] = labelOfRoot[root]
            sizes[Int(labels[member])] += 1
            if isCrowded[member] { crowds[Int(labels[member])] += 1 }
        }
        for (index, link) in links.enumerated() {
            let first = labels[Int(link.a)]
            let second = labels[Int(link.b)]
            guard first != second else { continue }
            let margin = Int64(link.weight.millibits) - Int64(threshold.millibits)
            let both = isCrowded[Int(link.a)] && isCrowded[Int(link.b)]
            let evidence = Evidence(margin: margin, edges: 1, crowded: both ? 1 : 0, link: index)
            between[Int(first)][second, default: Evidence()].add(evidence)
            between[Int(second)][first, default: Evidence()].add(evidence)
        }
    }

    /// Joins as long as two clusters have enough in common.
    mutating func join(in forest: inout ClusterForest) {
        for first in between.indices {
            for (second, evidence) in between[first] where Int32(first) < second {
                enqueue(Int32(first), second, evidence)
            }
        }
        while let best = dequeue() {
            let (first, second) = (Int(best.first), Int(best.second))
            guard isAlive[first], isAlive[second], versions[first] == best.firstVersion,
                versions[second] == best.secondVersion
            else { continue }
            let (left, right) = (forest.root(first), forest.root(second))
            if forest.isDecidedApart(left, right) || forest.isGuardedApart(left, right) { continue }
            if let reason = forest.objection(left, right) {
                forest.keepApart(left, right, byDecision: false)
                if let evidence = between[first][best.second] { refused.append((links[evidence.link], reason)) }
                continue
            }
            forest.join(left, right)
            absorb(best.second, into: best.first)
        }
    }

    /// Hands the evidence of a cluster over to the one that it joined.
    ///
    /// The order in which the dictionaries are walked leaves no trace: sums do not depend on it, and the queue orders
    /// what it is given.
    private mutating func absorb(_ second: Int32, into first: Int32) {
        let (winner, loser) = (Int(first), Int(second))
        let inherited = between[loser]
        between[loser] = [:]
        isAlive[loser] = false
        sizes[winner] += sizes[loser]
        crowds[winner] += crowds[loser]
        versions[winner] += 1
        between[winner][second] = nil
        for (other, evidence) in inherited where other != first {
            between[winner][other, default: Evidence()].add(evidence)
            between[Int(other)][second] = nil
            between[Int(other)][first, default: Evidence()].add(evidence)
        }
        for (other, evidence) in between[winner] { enqueue(min(first, other), max(first, other), evidence) }
    }

    /// Weighs two clusters; those with too little in common wait until one of them has grown.
    private mutating func enqueue(_ first: Int32, _ second: Int32, _ evidence: Evidence) {
        let unknown = crowds[Int(first)] * crowds[Int(second)] - evidence.crowded
        let pairs = sizes[Int(first)] * sizes[Int(second)] - unknown
        let sizes = growth.between(sizes[Int(first)], sizes[Int(second)])
        let sum = evidence.margin - absent * (pairs - evidence.edges) + sizes * pairs
        guard sum >= 0 else { return }
        let candidate = Candidate(
            mean: sum * AverageLinkage.meanScale / pairs,
            first: first,
            second: second,
            firstVersion: versions[Int(first)],
            secondVersion: versions[Int(second)]
        )
        queue.append(candidate)
        var index = queue.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard Candidate.precedes(queue[index], queue[parent]) else { break }
            queue.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func dequeue() -> Candidate? {
        guard let best = queue.first else { return nil }
        queue.swapAt(0, queue.count - 1)
        queue.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < queue.count {
                if Candidate.precedes(queue[child], queue[least]) { least = child }
            }
            if least == index { return best }
            queue.swapAt(index, least)
            index = least
        }
    }
}
