import Foundation
public import Matching

/// What one blocking rule costs and finds in the data at hand.
public struct RuleCost: Sendable, Equatable {
    /// The rule.
    public var rule: BlockingRule
    /// Estimated pairs of records that share a key of it.
    public var pairs: Double
    /// Estimated keys of all records.
    public var keys: Double
    /// Records in the largest block seen.
    public var largestBlock: Int
    /// Estimated keys in blocks of up to 10, 100, 1,000 and more records.
    public var sizes: [Double]

    /// Describes a rule.
    public init(rule: BlockingRule, pairs: Double, keys: Double, largestBlock: Int, sizes: [Double] = []) {
        self.rule = rule
        self.pairs = pairs
        self.keys = keys
        self.largestBlock = largestBlock
        self.sizes = sizes
    }
}

/// The blocking rules chosen from data: enough to reach nearly all pairs of one person, at the least cost.
///
/// Greedy weighted set cover (Chvátal 1979): again and again the rule that finds the most pairs of one person not yet
/// reached for each pair that it makes us compare.
public struct BlockingPlan: Sendable {
    /// Chosen rules in the order of choice.
    public private(set) var chosen: [RuleCost] = []
    /// Estimated share of the pairs of one person reachable by any rule that the chosen ones reach.
    public private(set) var recall = 0.0
    /// Estimated pairs to compare; those found by several rules count several times.
    public private(set) var pairs = 0.0
    /// Estimated pairs of one person that no rule finds at all, by the lower bound of Chao.
    public private(set) var unseen = 0.0

    /// Share of the reachable pairs of one person to aim at.
    static let recallTarget = 0.9995
    /// What a key costs to make, sort and store, in pairs compared.
    static let keyCost = 2.0
    /// Most keys a record on average: below `BlockingKey.limit`, so that few records lose any.
    static let keysPerRecord = 18.0

    /// Pairs that may be compared in a population: generous for small ones, linear for large ones.
    static func budget(records: Int) -> Double { max(2e6, 24 * Double(records)) }

    /// Chooses.
    ///
    /// - Parameters:
    ///   - rules: what each candidate rule costs; at most 64.
    ///   - found: estimated pairs of one person by the set of rules that find them, bit i for `rules[i]`; in an order
    ///     that does not depend on the order of records.
    ///   - likely: the same of the pairs that are rather of one person than not; `nil` where that is all of them. What
    ///     no rule finds is estimated from these: a million pairs that are hardly of one person, each found by one
    ///     coarse rule, add up to many.
    ///   - records: number of records.
    public init(
        _ rules: [RuleCost],
        found: [(rules: UInt64, pairs: Double)],
        likely: [(rules: UInt64, pairs: Double)]? = nil,
        records: Int
    ) {
        precondition(rules.count <= 64, "a set of rules is one word of bits")
        let total = found.reduce(0) { $0 + $1.pairs }
        let budget = BlockingPlan.budget(records: records)
        var taken: UInt64 = 0
        var keys = 0.0
        while recall < BlockingPlan.recallTarget, chosen.count < BlockingRule.ruleLimit {
            var gains = [Double](repeating: 0, count: rules.count)
            for item in found where item.rules & taken == 0 {
                var rest = item.rules
                while rest != 0 {
                    gains[rest.trailingZeroBitCount] += item.pairs
                    rest &= rest - 1
                }
            }
            var best: (index: Int, ratio: Double)?
            for (index, rule) in rules.enumerated() where taken >> UInt64(index) & 1 == 0 && gains[index] > 0 {
                guard pairs + rule.pairs <= budget, keys + rule.keys <= BlockingPlan.keysPerRecord * Double(records)
                else { continue }
                let ratio = gains[index] / (rule.pairs + BlockingPlan.keyCost * rule.keys + 1)
                if ratio > best?.ratio ?? 0 { best = (index, ratio) }
            }
            guard let best else { break }
            taken |= 1 << UInt64(best.index)
            chosen.append(rules[best.index])
            pairs += rules[best.index].pairs
            keys += rules[best.index].keys
            recall += gains[best.index] / max(total, 1e-9)
        }
        unseen = BlockingPlan.unseen(likely ?? found)
    }

    /// Most pairs found by no rule for each that one rule alone finds.
    ///
    /// Where a source leaves out what most keys are made of, its pairs are found by one rule or by none of the others:
    /// hardly any are found twice, which then tells nothing of those that are not found.
    static let unseenShare = 0.25

    /// Pairs found by no rule, from those found by one and by two (Chao 1984).
    private static func unseen(_ found: [(rules: UInt64, pairs: Double)]) -> Double {
        var (once, twice) = (0.0, 0.0)
        for item in found {
            if item.rules.nonzeroBitCount == 1 { once += item.pairs }
            if item.rules.nonzeroBitCount == 2 { twice += item.pairs }
        }
        return min(once * once / (2 * max(twice, 1)), unseenShare * once)
    }
}
