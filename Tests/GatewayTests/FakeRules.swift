import Demographics
import Identifiers
import Matching

/// Rules by which every agreement weighs 4 bits and every difference -3.
enum FakeRules {
    static func make() throws(RuleSetError) -> RuleSet {
        var weights = [Int32](repeating: 4_000, count: ComparisonLevel.tableLength)
        for level in ComparisonLevel.allCases where level.name == "different" { weights[Int(level.rawValue)] = -3_000 }
        for level in MatchField.source.levels { weights[Int(level.rawValue)] = 0 }
        return try RuleSet(
            name: "test",
            matchThreshold: MatchWeight(bits: 10),
            reviewThreshold: MatchWeight(bits: 5),
            blockLimit: 1_000,
            alternatives: [Alternative(name: "stranger", prior: -2_500, weights: weights)],
            blocking: [BlockingRule([.birthDate, .sex])],
            guards: GuardRules()
        )
    }

    /// What the rules make of two records.
    static func explain(_ left: SourceRecord, _ right: SourceRecord) throws(RuleSetError) -> Explanation {
        let rules = try make()
        let one = rules.key(left.key.id, NormalisedRecord(left))
        let other = rules.key(right.key.id, NormalisedRecord(right))
        return try Explanation(one.row, other.row, rules: rules, shared: rules.sharedRules(one.keys, other.keys))
    }
}
