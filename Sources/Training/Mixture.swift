import Foundation
import Matching

/// What three kinds of pairs look like: those of one person, of two relatives, of two strangers.
///
/// A latent class model (Winkler, "Using the EM algorithm for weight computation in the Fellegi-Sunter model", 1988)
/// with a third class for what independence gets wrong. Strangers are known from random pairs and stay fixed but for
/// the persons found among them. Relatives may share a household in whatever way the data shows, but what tells people
/// apart (given name, birth date, sex, identifiers) keeps the shape of the default rules: else the class would take
/// the noisy pairs of one person away. Since the model speaks of all pairs of the population, it does not matter by
/// which keys the observed ones were found, as long as keys read nothing but what levels tell.
public struct Mixture: Sendable {
    /// Probability of each level for two records of one person.
    public internal(set) var same: LevelTable
    /// Probability of each level for two relatives.
    public internal(set) var relative: LevelTable
    /// Probability of each level for two strangers.
    public internal(set) var stranger: LevelTable
    /// Estimated pairs of one person among the candidates.
    public internal(set) var samePairs: Double
    /// Estimated pairs of relatives among the candidates.
    public internal(set) var relativePairs: Double
    /// Pairs of strangers in the population.
    public internal(set) var strangerPairs: Double
    /// Rounds until nothing moved.
    public internal(set) var rounds = 0
    /// False where the rounds ran out first.
    public internal(set) var converged = false
    /// Estimated pairs of one person after each round.
    public internal(set) var history: [Double] = []

    /// log2 of the odds that a pair is of one person and not of strangers or relatives.
    func logOdds(_ pattern: LevelPattern, _ logs: Logs) -> Double {
        let terms = logs.terms(pattern)
        return terms.same - Logs.sum(terms.relative, terms.stranger)
    }

    /// Logarithms of the three classes, ready to be summed.
    var logs: Logs { Logs(self) }

    /// log2 of prior and probability, by class and level.
    struct Logs {
        private let same: [Double]
        private let relative: [Double]
        private let stranger: [Double]
        private let priors: (same: Double, relative: Double, stranger: Double)

        init(_ mixture: Mixture) {
            same = mixture.same.values.map { $0 > 0 ? log2($0) : 0 }
            relative = mixture.relative.values.map { $0 > 0 ? log2($0) : 0 }
            stranger = mixture.stranger.values.map { $0 > 0 ? log2($0) : 0 }
            priors = (log2(mixture.samePairs), log2(mixture.relativePairs), log2(mixture.strangerPairs))
        }

        /// log2 of the expected number of pairs of each class with a pattern, up to what all classes share.
        @inline(__always)
        func terms(_ pattern: LevelPattern) -> (same: Double, relative: Double, stranger: Double) {
            var result = priors
            for field in 0..<LevelTable.fields.count {
                let level = pattern.level(field)
                guard level != 0 else { continue }
                result.same += same[level]
                result.relative += relative[level]
                result.stranger += stranger[level]
            }
            result.stranger -= pattern.rarityBits
            return result
        }

        /// log2 of the sum of two numbers given by their logarithms.
        @inline(__always)
        static func sum(_ first: Double, _ second: Double) -> Double {
            let high = max(first, second)
            return high + log2(1 + exp2(min(first, second) - high))
        }
    }
}
