import Foundation
internal import Identifiers
public import Matching

/// What was learnt, as values: for rule files, reports and charts.
public struct TrainedModel: Sendable {
    /// The four kinds of pairs.
    public var mixture: Mixture
    /// The chosen keys.
    public var blocking: BlockingPlan
    /// How common names are.
    public var frequencies: TermFrequencies
    /// Number of records.
    public var records: Int
    /// Estimated pairs of one person that weigh too little to be seen, or share no key that was looked at.
    public var unscoredPairs: Double

    /// Largest weight of a level in bits, either way.
    static let weightLimit = 40.0
    /// Largest prior in bits, either way: what rule files can hold.
    static let priorLimit = 100.0
    /// How far below the match threshold a pair without an edge counts until the sizes of persons are known, in bits.
    static let absent = 3.0
    /// How far below the match threshold a steward is asked, in bits: one in seventeen such pairs is of one person.
    ///
    /// As far above it must be what joins a man and a woman whose given names sound different.
    static let reviewMargin = 4.0

    /// Puts the parts together.
    public init(
        mixture: Mixture,
        blocking: BlockingPlan,
        frequencies: TermFrequencies,
        records: Int,
        unscoredPairs: Double
    ) {
        self.mixture = mixture
        self.blocking = blocking
        self.frequencies = frequencies
        self.records = records
        self.unscoredPairs = unscoredPairs
    }

    /// The rules that say it: weights are log2 of likelihood ratios.
    ///
    /// The match threshold is even odds, or less where most records have another of the same person.
    ///
    /// - Parameters:
    ///   - name: what people call the rules.
    ///   - sizes: how many records persons have; `nil` while that is not known.
    /// - Returns: the rules.
    /// - Throws: `RuleSetError` where a limit of rule sets is passed.
    public func rules(name: String, sizes: PersonSizes? = nil) throws(RuleSetError) -> RuleSet {
        let matches = mixture.same.pairs
        let slack = sizes?.slack(matches: matches).bits ?? 0
        let absent = sizes == nil ? TrainedModel.absent : PersonSizes.absent - slack
        var guards = GuardRules()
        guards.differentBirthOrder = .always
        guards.differentSexAndName = .unless(margin: MatchWeight(bits: TrainedModel.reviewMargin))
        let fallback = CandidateRules.all.prefix(12)
        return try RuleSet(
            name: name,
            matchThreshold: MatchWeight(bits: -slack),
            reviewThreshold: MatchWeight(bits: -TrainedModel.reviewMargin),
            blockLimit: 4_000,
            alternatives: mixture.others.map(alternative),
            blocking: blocking.chosen.isEmpty ? [BlockingRule](fallback) : blocking.chosen.map(\.rule),
            guards: guards,
            frequencies: frequencies,
            linkage: .average(absent: MatchWeight(bits: absent), growth: sizes?.growth(matches: matches) ?? [])
        )
    }

    private func alternative(_ name: String, _ other: PairKind) -> Alternative {
        func limited(_ bits: Double, _ limit: Double) -> Int32 {
            MatchWeight(bits: max(-limit, min(limit, bits))).millibits
        }
        var weights = [Int32](repeating: 0, count: ComparisonLevel.tableLength)
        for level in ComparisonLevel.allCases {
            let bits = mixture.same.weight(of: level, over: other)
            weights[Int(level.rawValue)] = limited(bits, TrainedModel.weightLimit)
        }
        let prior = limited(mixture.same.prior(over: other), TrainedModel.priorLimit)
        return Alternative(name: name, prior: prior, weights: weights)
    }
}
