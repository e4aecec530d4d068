public import Identifiers

/// Why a pair of records weighs what it weighs: the arithmetic of the score, told field by field.
///
///     let why = try Explanation(left.row, right.row, rules: rules, shared: rules.sharedRules(left.keys, right.keys))
///     print(why)
public struct Explanation: Sendable, Equatable {
    /// What the rules alone make of a weight; guards and stewards may still object.
    public enum Outcome: String, Sendable, Equatable {
        /// At or above the match threshold.
        case match
        /// At or above the review threshold.
        case review
        /// Below both.
        case no
    }

    /// One field of the pair.
    public struct Field: Sendable, Equatable {
        /// The field.
        public var field: MatchField
        /// How far the values agree; `nil` where either record does not know the field.
        public var level: ComparisonLevel?
        /// The weight for each alternative, in the order of `alternatives`, with what the frequency of a name adds.
        public var weights: [MatchWeight]
        /// The part of `weights` that the frequency of the name makes, against the alternative that it adjusts.
        public var frequency: MatchWeight
        /// The first record's values as compared; empty where unknown.
        public var left: String
        /// The second record's values as compared.
        public var right: String
    }

    /// One alternative to "same person".
    public struct Alternative: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Log odds before any field is looked at.
        public var prior: MatchWeight
        /// Prior and all fields.
        public var total: MatchWeight
    }

    /// A change of one field that alone would make the pair a match.
    public struct Missing: Sendable, Equatable {
        /// The field.
        public var field: MatchField
        /// The least agreement of it that would do.
        public var level: ComparisonLevel
    }

    /// Every field that at least one record knows, in the order of `MatchField`.
    public var fields: [Field]
    /// The alternatives, in the order of the rules.
    public var alternatives: [Alternative]
    /// Index of the alternative that explains the pair best: its total is the pair's weight.
    public var decisive: Int
    /// The weight of the pair, the same to the bit as `PreparedQuery.score`.
    public var total: MatchWeight
    /// What the thresholds make of it.
    public var outcome: Outcome
    /// The weight that a match needs.
    public var matchThreshold: MatchWeight
    /// The blocking rules by which the two records find each other; empty where they do not.
    public var sharedRules: [BlockingRule]
    /// For a pair that is no match: what alone would make it one, the smallest change of each field.
    public var missing: [Missing]
    /// For a pair that is no match: the least that would have to agree, taken together; empty where nothing would do.
    public var nearest: [Missing]
    /// What a model of columns made of the pair; `nil` where the rules have none.
    public var columns: ColumnScorer.Outcome?
    /// The rule that decided beside the weights; `nil` where none fits.
    public var decision: DecisionRule?
    /// The rule set.
    public var version: RuleSetVersion

    /// Explains a pair of feature rows.
    ///
    /// - Parameters:
    ///   - left: a feature row.
    ///   - right: the other; exchanging the two exchanges nothing but the values' columns.
    ///   - rules: the rules to score by.
    ///   - shared: what `RuleSet.sharedRules` gave for the two records' keys.
    /// - Throws: `RuleSetError.malformedRow`.
    public init(
        _ left: [UInt8],
        _ right: [UInt8],
        rules: RuleSet,
        shared: [BlockingRule] = []
    ) throws(RuleSetError) {
        let query = try PreparedQuery(left, sketch: Sketch(bits: SketchBits(0)), rules: rules)
        guard let (levels, bonus) = right.withUnsafeBytes({ query.compared($0) }) else { throw .malformedRow }
        let weighed = Explanation.weights(levels, bonus, rules)
        let totals = zip(rules.alternatives, weighed).map { alternative, weights in
            weights.reduce(alternative.prior, &+)
        }
        let modelled = query.columnOutcome(right)
        columns = modelled?.outcome
        let least = totals.min() ?? 0
        decisive = totals.firstIndex(of: least) ?? 0
        let own = MatchWeight(millibits: least) + (modelled?.weight ?? .zero)
        total = rules.decided(own, levels)
        decision = rules.decision(levels)
        outcome = total >= rules.matchThreshold ? .match : total >= rules.reviewThreshold ? .review : .no
        matchThreshold = rules.matchThreshold
        sharedRules = shared
        version = rules.version
        alternatives = zip(rules.alternatives, totals).map {
            Alternative(
                name: $0.name,
                prior: MatchWeight(millibits: $0.prior),
                total: MatchWeight(millibits: $1)
            )
        }
        let leftValues = RowValues(left)
        let rightValues = RowValues(right)
        fields = MatchField.allCases.compactMap { field -> Field? in
            guard field != .source || rules.weighsSource else { return nil }
            let level = levels[field]
            let (leftText, rightText) = (leftValues.text(field), rightValues.text(field))
            guard level != nil || !leftText.isEmpty || !rightText.isEmpty else { return nil }
            let weights = weighed.map { MatchWeight(millibits: $0[Int(field.rawValue)]) }
            return Field(
                field: field,
                level: level,
                weights: weights,
                frequency: MatchWeight(millibits: bonus[field]),
                left: leftText,
                right: rightText
            )
        }
        missing = outcome == .match || columns != nil ? [] : Explanation.missing(weighed, totals, rules)
        let unknown = Set(MatchField.evidence.filter { levels[$0] == nil })
        nearest =
            outcome == .match || columns != nil
            ? [] : NearestEvidence(weighed: weighed, totals: totals, rules: rules, unknown: unknown).changes
    }

    /// The weight of each field for each alternative, the frequencies of the names included.
    private static func weights(
        _ levels: LevelVector,
        _ bonus: Comparison.NameBonus,
        _ rules: RuleSet
    ) -> [[Int32]] {
        rules.alternatives.enumerated().map { index, alternative in
            MatchField.allCases.map { field in
                var weight = levels[field].map { alternative.weights[Int($0.rawValue)] } ?? 0
                if index == rules.compiledFrequencies?.alternative {
                    weight &+= bonus[field]
                }
                return weight
            }
        }
    }

    /// For each field the level with the least total that still reaches the match threshold.
    private static func missing(_ weighed: [[Int32]], _ totals: [Int32], _ rules: RuleSet) -> [Missing] {
        MatchField.evidence.compactMap { field in
            let reached = field.levels.compactMap { level -> (level: ComparisonLevel, total: Int32)? in
                var least = Int32.max
                for (index, alternative) in rules.alternatives.enumerated() {
                    let now = weighed[index][Int(field.rawValue)]
                    least = min(least, totals[index] &- now &+ alternative.weights[Int(level.rawValue)])
                }
                return least >= rules.matchThreshold.millibits ? (level, least) : nil
            }
            return reached.min { $0.total < $1.total }.map { Missing(field: field, level: $0.level) }
        }
    }
}

extension RuleSet {
    /// The rules by which two records find each other: those of the keys they have in common.
    public func sharedRules(_ left: [BlockingKey], _ right: [BlockingKey]) -> [BlockingRule] {
        let hashes = Set(right.map(\.hash))
        let indexes = Set(left.filter { hashes.contains($0.hash) }.map { Int($0.rule) })
        return indexes.sorted().filter { $0 < blocking.count }.map { blocking[$0] }
    }
}
