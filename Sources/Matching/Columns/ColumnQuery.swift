import Identifiers

/// One record's column values, ready to be compared with other rows by a column model.
struct ColumnQuery {
    private let scorer: ColumnScorer
    private let values: ColumnValues
    private let own: [String?]
    private let match: MatchWeight
    private let review: MatchWeight

    /// Most that a point rule's surplus counts, in bits.
    private static let surplusLimit = 50.0
    /// What a pair weighs that no point rule takes.
    static let nothing = MatchWeight(bits: -100)

    /// Reads the values of a row.
    ///
    /// - Returns: `nil` where the rules have no column model.
    init?(_ row: [UInt8], rules: RuleSet) {
        guard let scorer = rules.columnScorer, let model = rules.columns else { return nil }
        self.scorer = scorer
        values = ColumnValues(sources: scorer.columns.compactMap { model.columns[$0] })
        own = values.read(row)
        match = rules.matchThreshold
        review = rules.reviewThreshold
    }

    /// What the model makes of the pair.
    func outcome(_ row: [UInt8]) -> ColumnScorer.Outcome { scorer.outcome(own, values.read(row)) }

    /// The weight of an outcome: bits as they are; points so that automatic matches stand at or above the match
    /// threshold and potential ones between the two, in the order of their points.
    func weight(_ outcome: ColumnScorer.Outcome) -> MatchWeight {
        switch outcome.decision {
        case nil: MatchWeight(bits: outcome.sum)
        case .automatic?: MatchWeight(bits: match.bits + min(max(outcome.sum, 0) / 10, ColumnQuery.surplusLimit))
        case .potential?:
            MatchWeight(bits: review.bits + (match.bits - review.bits) * ColumnQuery.share(of: outcome.sum))
        case .none?: ColumnQuery.nothing
        }
    }

    /// Points as a share below 1 that grows with them.
    private static func share(of points: Double) -> Double {
        let positive = max(0, points)
        return min(0.99, positive / (positive + 100))
    }
}
