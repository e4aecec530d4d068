import Demographics
import Identifiers

/// The canonical partition of one component into persons.
///
/// Decisions come first, the latest first: a must-link joins, a cannot-link keeps apart, one that contradicts a later
/// one is not followed and raises a review. Then edges from the heaviest down, ties by record: two clusters are joined
/// unless a decision keeps them apart or a guard objects to any pair across them.
struct PersonPartition {
    /// The cluster of each member of the piece, numbered from 0 by smallest member; -1 for absent members.
    private(set) var cluster: [Int32]
    private(set) var reviews: [ReviewTask] = []
    /// Whether only heavier edges than usual were followed.
    let isTooLarge: Bool
    private let draft: IdentityDraft
    private let piece: Piece
    private let policy: IdentityPolicy
    /// Edges that a guard refused, heaviest first.
    private var refused: [(link: Piece.Link, reason: GuardReason)] = []

    init(draft: IdentityDraft, piece: Piece) {
        self.draft = draft
        self.piece = piece
        policy = draft.policy
        cluster = piece.nodes.map { draft.nodes[$0].isLive ? 0 : -1 }
        if cluster.contains(-1) {
            // An absent record holds its component together but is no evidence: what it parts is decided apart.
            let parts = LivePieces(draft: draft, piece: piece)
            isTooLarge = parts.partitions.contains { $0.isTooLarge }
            reviews = parts.partitions.flatMap(\.reviews)
            cluster = parts.cluster
            return
        }
        isTooLarge = piece.nodes.count > policy.sizeBound || piece.wasCut
        guard piece.nodes.count > 1 else { return }
        var forest = ClusterForest(
            facts: piece.nodes.map { draft.nodes[$0].facts },
            guards: Guards(policy: policy.guards)
        )
        let crowded = piece.crowded(past: policy.neighbourBound)
        followDecisions(&forest)
        excuse(in: &forest)
        switch policy.linkage {
        case .single: followEdges(&forest)
        case .average(let absent, let growth):
            followMeans(&forest, absent: absent, SizeEvidence(growth), crowded)
        }
        number(&forest)
        raiseRefusals(&forest)
        raiseOutvoted(&forest)
        if isTooLarge || crowded.contains(true) { raise(pair(0, 1), .componentTooLarge, weight: .zero) }
    }

    private mutating func followDecisions(_ forest: inout ClusterForest) {
        guard !piece.decisions.isEmpty else { return }
        let latestFirst = piece.decisions.sorted { ($1.at, $0.pair) < ($0.at, $1.pair) }
        for decision in latestFirst {
            guard let a = number(of: decision.pair.a), let b = number(of: decision.pair.b) else { continue }
            let first = forest.root(a)
            let second = forest.root(b)
            switch decision.kind {
            case .mustLink:
                if first == second { continue }
                if forest.isDecidedApart(first, second) {
                    raise(decision.pair, .decisionConflict, weight: .zero)
                } else {
                    forest.excuseAll(between: first, and: second)
                    forest.join(first, second)
                }
            case .cannotLink:
                if first == second {
                    raise(decision.pair, .decisionConflict, weight: .zero)
                } else {
                    forest.keepApart(first, second, byDecision: true)
                }
            }
        }
    }

    private func excuse(in forest: inout ClusterForest) {
        guard let smallest = Guards(policy: policy.guards).smallestMargin else { return }
        for link in piece.links {
            let margin = margin(of: link)
            guard margin >= Int64(smallest.millibits) else { return }
            forest.excuse(Int(link.a), Int(link.b), margin: margin)
        }
    }

    private func margin(of link: Piece.Link) -> Int64 {
        Int64(link.weight.millibits) - Int64(policy.matchThreshold.millibits)
    }

    private mutating func followEdges(_ forest: inout ClusterForest) {
        for link in piece.links {
            if isTooLarge && margin(of: link) < Int64(policy.crowdedMargin.millibits) { return }
            let first = forest.root(Int(link.a))
            let second = forest.root(Int(link.b))
            if first == second || forest.isDecidedApart(first, second) || forest.isGuardedApart(first, second) {
                continue
            }
            if let reason = forest.objection(first, second) {
                forest.keepApart(first, second, byDecision: false)
                refused.append((link, reason))
            } else {
                forest.join(first, second)
            }
        }
    }

    private mutating func followMeans(
        _ forest: inout ClusterForest,
        absent: MatchWeight,
        _ growth: SizeEvidence,
        _ isCrowded: [Bool]
    ) {
        let crowded = Int64(policy.crowdedMargin.millibits)
        var linkage = AverageLinkage(
            links: isTooLarge ? piece.links.filter { margin(of: $0) >= crowded } : piece.links,
            isCrowded: isCrowded,
            absent: absent,
            growth: growth,
            threshold: policy.matchThreshold,
            &forest
        )
        linkage.join(in: &forest)
        refused = linkage.refused.sorted { Piece.Link.precedes($0.link, $1.link) }
    }

    private mutating func number(_ forest: inout ClusterForest) {
        var numberOfRoot = [Int32](repeating: -1, count: piece.nodes.count)
        var next: Int32 = 0
        for member in piece.nodes.indices {
            let root = forest.root(member)
            if numberOfRoot[root] < 0 {
                numberOfRoot[root] = next
                next += 1
            }
            cluster[member] = numberOfRoot[root]
        }
    }

    /// One question a pair of persons: about the heaviest edge between them, unless a steward already answered.
    private mutating func raiseRefusals(_ forest: inout ClusterForest) {
        var asked: Set<UInt64> = []
        for (link, reason) in refused {
            let first = forest.root(Int(link.a))
            let second = forest.root(Int(link.b))
            if forest.isDecidedApart(first, second) { continue }
            guard asked.insert(Self.key(first, second)).inserted else { continue }
            raise(pair(Int(link.a), Int(link.b)), .guardForbade(reason), weight: link.weight)
        }
    }

    /// One question a pair of persons that a match edge joins and the mean over all their pairs keeps apart.
    private mutating func raiseOutvoted(_ forest: inout ClusterForest) {
        // Of a component past its bound it is asked as a whole.
        guard case .average = policy.linkage, !isTooLarge else { return }
        var asked = Set(refused.map { Self.key(forest.root(Int($0.link.a)), forest.root(Int($0.link.b))) })
        for link in piece.links {
            let (first, second) = (forest.root(Int(link.a)), forest.root(Int(link.b)))
            guard first != second, !forest.isDecidedApart(first, second),
                asked.insert(Self.key(first, second)).inserted
            else { continue }
            raise(pair(Int(link.a), Int(link.b)), .othersDisagree, weight: link.weight)
        }
    }

    private static func key(_ first: Int, _ second: Int) -> UInt64 {
        UInt64(min(first, second)) << 32 | UInt64(max(first, second))
    }

    private mutating func raise(_ pair: RecordPair?, _ reason: ReviewTask.Reason, weight: MatchWeight) {
        guard let pair else { return }
        reviews.append(ReviewTask(pair: pair, reason: reason, weight: weight, policy: policy))
    }

    private func pair(_ first: Int, _ second: Int) -> RecordPair? {
        RecordPair(draft.nodes[piece.nodes[first]].record, draft.nodes[piece.nodes[second]].record)
    }

    /// The number of a live member.
    private func number(of record: RecordID) -> Int? {
        guard let node = draft.index(of: record), draft.nodes[node].isLive else { return nil }
        return piece.number(of: record, in: draft)
    }
}
