import Identifiers

extension ReviewTask {
    /// States a question with the harm that its reason and weight imply.
    ///
    /// Contradicting stewards come first, then pairs that only a guard kept apart (two records of one person, or a
    /// wrong identifier), then oversized components, then doubtful pairs by how near they are to a match.
    init(pair: RecordPair, reason: Reason, weight: MatchWeight, policy: IdentityPolicy) {
        let value = Int64(weight.millibits)
        let match = Int64(policy.matchThreshold.millibits)
        let review = Int64(policy.reviewThreshold.millibits)
        let harm: Int64
        switch reason {
        case .decisionConflict: harm = 900
        case .guardForbade: harm = 600 + min(199, max(0, value - match) / 100)
        case .componentTooLarge: harm = 500
        case .weightInReviewBand: harm = 100 + 300 * max(0, value - review) / max(1, match - review)
        }
        self.init(pair: pair, reason: reason, weight: weight, harm: UInt16(clamping: min(harm, 1_000)))
    }

    /// Sorted tasks, each pair and reason once.
    static func distinct(_ tasks: [ReviewTask]) -> [ReviewTask] {
        var kept: [ReviewTask] = []
        for task in tasks.sorted() where kept.last?.pair != task.pair || kept.last?.reason != task.reason {
            kept.append(task)
        }
        return kept
    }
}
