public import Identifiers

/// A rule that decides beside the weights: where the levels of a pair are as it says, it links, keeps apart or asks.
///
/// The first rule that fits counts. Guards and stewards stand above rules: a guard that is set to `always` still keeps
/// a linked pair apart, and a steward's decision holds in any case.
public struct DecisionRule: Sendable, Hashable, Codable {
    /// What a rule decides.
    public enum Action: String, Sendable, Hashable, Codable, CaseIterable {
        /// The pair is one person, whatever it weighs.
        case link
        /// The pair weighs nothing.
        case never
        /// A steward is asked, whatever it weighs.
        case review
    }

    /// One field and the levels that fit.
    public struct Condition: Sendable, Hashable, Codable {
        /// The field.
        public var field: MatchField
        /// The levels by raw value; 0 stands for a missing value.
        public var levels: [UInt8]

        /// Makes a condition.
        public init(field: MatchField, levels: [UInt8]) {
            self.field = field
            self.levels = levels
        }
    }

    /// Most rules of a rule set.
    public static let countLimit = 64
    /// What a linked pair weighs beyond the match threshold: more than the guards of the default rules ask for.
    public static let linkMargin = MatchWeight(bits: 20)
    /// What a pair weighs that is kept apart.
    public static let neverWeight = MatchWeight(bits: -100)

    /// What people call it.
    public var name: String
    /// All must fit.
    public var when: [Condition]
    /// What follows.
    public var action: Action

    /// Makes a rule.
    public init(name: String, when: [Condition], then action: Action) {
        self.name = name
        self.when = when
        self.action = action
    }

    /// True where the levels of a pair are as the rule says.
    public func fits(_ levels: LevelVector) -> Bool {
        when.allSatisfy { $0.levels.contains(levels[$0.field]?.rawValue ?? 0) }
    }
}

extension RuleSet {
    /// The first rule that fits; `nil` where none does.
    public func decision(_ levels: LevelVector) -> DecisionRule? { decisions.first { $0.fits(levels) } }

    /// The weight of a pair after the rule that fits had its say.
    func decided(_ weight: MatchWeight, _ levels: LevelVector) -> MatchWeight {
        guard !decisions.isEmpty, let rule = decision(levels) else { return weight }
        switch rule.action {
        case .link: return max(weight, matchThreshold + DecisionRule.linkMargin)
        case .never: return DecisionRule.neverWeight
        case .review:
            let most = max(reviewThreshold, matchThreshold + MatchWeight(millibits: -1))
            return min(max(weight, reviewThreshold), most)
        }
    }

    /// Whether some rule lifts a weight: then no bound from below the weights holds.
    var decisionsLift: Bool { decisions.contains { $0.action != .never } }
}
