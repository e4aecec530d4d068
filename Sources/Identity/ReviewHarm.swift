import Identifiers

extension ReviewTask {
    /// States a question with the harm that its reason and weight imply.
    ///
    /// Contradicting stewards come first, then pairs that only a guard kept apart (two records of one person, or a
    /// wrong identifier), then oversized components, then twins, then pairs that others outvoted, then doubtful
    /// pairs by how near they are to a match.
    init(pair: RecordPair, reason: Reason, weight: MatchWeight, policy: IdentityPolicy) {
        let value = Int64(weight.millibits)
        let match = Int64(policy.matchThreshold.millibits)
        let review = Int64(policy.reviewThreshold.millibits)
        let harm: Int64
        switch reason {
        case .decisionConflict: harm = 900
        case .guardForbade(.differentBirthOrder): harm = 450
        case .guardForbade: harm = 600 + min(199, max(0, value - match) / 100)
        case .componentTooLarge: harm = 500
        case .othersDisagree: harm = 410 + min(39, max(0, value - match) / 1_000)
        case .weightInReviewBand: harm = 100 + 300 * max(0, value - review) / max(1, match - review)
        }
        self.init(pair: pair, reason: reason, weight: weight, harm: UInt16(clamping: min(harm, 1_000)))
    }

    /// Sorted tasks, each pair and reason once, at its most harmful.
    static func distinct(_ tasks: [ReviewTask]) -> [ReviewTask] {
        var kept: [ReviewTask] = []
        for task in tasks.sorted(by: { $0 < $1 || (!($1 < $0) && $0.harm > $1.harm) })
        where kept.last?.pair != task.pair || kept.last?.reason != task.reason {
            kept.append(task)
        }
        return kept
    }

    /// Those of sorted tasks whose pair and reason another sorted list lacks, or holds in a way that is not the same.
    static func missing(
        from others: [ReviewTask],
        among tasks: [ReviewTask],
        isSame: (ReviewTask, ReviewTask) -> Bool
    ) -> [ReviewTask] {
        var result: [ReviewTask] = []
        var index = 0
        for task in tasks {
            while index < others.count && others[index] < task { index += 1 }
            let isKnown = index < others.count && !(task < others[index]) && isSame(others[index], task)
            if !isKnown { result.append(task) }
        }
        return result
    }
}
