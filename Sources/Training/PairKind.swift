import Foundation
public import Matching

/// One kind of pairs: how many there are, how they agree, and how much they say.
public struct PairKind: Sendable, Equatable {
    /// Estimated number of pairs.
    public internal(set) var pairs: Double
    /// Probability of each level where both records know the field.
    public internal(set) var levels: LevelTable
    /// Share of the pairs in which both records know a field, by `MatchField.rawValue`.
    public internal(set) var known: [Double]

    /// How much counts of what the absence of a field says, by `MatchField.rawValue`: fields that are unknown together
    /// say one thing together.
    var absence = [Double](repeating: 1, count: MatchField.allCases.count)

    /// Shares of pairs that know a field are kept away from 0 and 1 by this much: eight bits of evidence at most.
    static let knownMargin = 0.005

    /// The weight of a level in favour of this kind, in bits.
    ///
    /// What a field says by being there at all is part of it, relative to its absence. So absence weighs nothing, and
    /// `prior(over:)` has what a pair weighs of which nothing is known.
    ///
    /// - Returns: log2 of the ratio of probabilities.
    public func weight(of level: ComparisonLevel, over other: PairKind) -> Double {
        let field = Int(level.field.rawValue)
        guard levels[level] > 0, other.levels[level] > 0 else { return 0 }
        return log2(levels[level] / other.levels[level]) + log2(known[field] / other.known[field])
            - absent(field, over: other)
    }

    /// What it weighs that not both records know a field.
    private func absent(_ field: Int, over other: PairKind) -> Double {
        absence[field] * log2((1 - known[field]) / (1 - other.known[field]))
    }

    /// log2 of the odds of this kind for a pair of which no field is known by both records.
    public func prior(over other: PairKind) -> Double {
        known.indices.reduce(log2(pairs / other.pairs)) { $0 + absent($1, over: other) }
    }
}
