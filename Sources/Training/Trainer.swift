import Foundation
public import Matching

/// Candidate pairs as they were sampled: where each one's pattern is and which rules find it.
public struct SampledPair: Sendable {
    /// Position in the sample's patterns.
    public var pattern: UInt32
    /// Bit i stands for candidate rule i.
    public var rules: UInt64
    /// How many pairs of the population it stands for.
    public var weight: Double

    /// Describes a pair.
    public init(pattern: UInt32, rules: UInt64, weight: Double) {
        self.pattern = pattern
        self.rules = rules
        self.weight = weight
    }
}

/// Everything that training looks at.
public struct TrainingData: Sendable {
    /// Number of records.
    public var records: Int
    /// Pairs found by candidate rules, by pattern.
    public var sample = PatternSample()
    /// The same pairs one by one.
    public var pairs: [SampledPair] = []
    /// Pairs taken at random.
    public var background: Background
    /// What each candidate rule costs, bit i of `SampledPair.rules` being `costs[i]`.
    public var costs: [RuleCost] = []
    /// How common names are.
    public var frequencies: TermFrequencies

    /// Knows no pair yet.
    public init(records: Int, frequencies: TermFrequencies) {
        self.records = records
        self.frequencies = frequencies
        background = Background(records: records)
    }
}

/// Learns a model from records without being told who is who.
public enum Trainer {
    /// Learns.
    ///
    /// - Parameters:
    ///   - data: compared pairs.
    ///   - start: rules with the alternatives `stranger` and `relative`, in this order: what to start from.
    /// - Returns: the model; the same for the same data.
    public static func model(_ data: TrainingData, start: RuleSet) -> TrainedModel {
        let fit = MixtureFit(data.sample, background: data.background, records: data.records, start: start)
        let mixture = fit.fitted()
        let odds = odds(data, mixture)
        let blocking = BlockingPlan(
            data.costs,
            found: found(data, odds, from: -.infinity),
            likely: found(data, odds, from: 0),
            records: data.records
        )
        var low = 0.0
        for (odds, weight) in zip(odds, data.sample.weights) where odds < -TrainedModel.reviewMargin {
            low += share(odds) * weight
        }
        return TrainedModel(
            mixture: mixture,
            blocking: blocking,
            frequencies: data.frequencies,
            records: data.records,
            unscoredPairs: low + blocking.unseen + (1 - blocking.recall) * mixture.same.pairs
        )
    }

    /// log2 of the odds of each pattern.
    private static func odds(_ data: TrainingData, _ mixture: Mixture) -> [Double] {
        let logs = mixture.logs
        return data.sample.patterns.map(logs.odds)
    }

    private static func share(_ odds: Double) -> Double { odds < -60 ? 0 : odds > 60 ? 1 : 1 / (1 + exp2(-odds)) }

    /// Estimated pairs of one person by the rules that find them, those of some odds at least.
    private static func found(
        _ data: TrainingData,
        _ odds: [Double],
        from least: Double
    ) -> [(rules: UInt64, pairs: Double)] {
        var sums: [UInt64: Double] = [:]
        for pair in data.pairs where odds[Int(pair.pattern)] >= least {
            let share = share(odds[Int(pair.pattern)]) * pair.weight
            if share > 1e-6 { sums[pair.rules, default: 0] += share }
        }
        return sums.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
