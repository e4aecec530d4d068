import Foundation
import Matching

/// What four kinds of pairs look like: those of one person, of two relatives, of two namesakes, of two strangers.
///
/// A latent class model (Winkler, "Using the EM algorithm for weight computation in the Fellegi-Sunter model", 1988)
/// with two more classes for what independence gets wrong. Strangers are known from random pairs and stay fixed but for
/// the persons found among them. Relatives may share a household in whatever way the data shows, but what tells people
/// apart (given name, birth date, sex, identifiers) keeps the shape of the default rules: else the class would take
/// the noisy pairs of one person away. Namesakes may share names and places, but are born and numbered like strangers.
/// Since the model speaks of all pairs of the population, it does not matter by which keys the observed ones were
/// found, as long as keys read nothing but what levels tell.
public struct Mixture: Sendable {
    /// Two records of one person.
    public internal(set) var same: PairKind
    /// Records of two members of a household.
    public internal(set) var relative: PairKind
    /// Records of two people who are called alike.
    public internal(set) var namesake: PairKind
    /// Records of two people who have nothing to do with each other.
    public internal(set) var stranger: PairKind
    /// Rounds until nothing moved.
    public internal(set) var rounds = 0
    /// False where the rounds ran out first.
    public internal(set) var converged = false
    /// Estimated pairs of one person after each round.
    public internal(set) var history: [Double] = []

    /// The kinds that are not one person, by the names of their alternatives in rules.
    public var others: [(name: String, kind: PairKind)] {
        [("stranger", stranger), ("relative", relative), ("namesake", namesake)]
    }

    /// Lets it say nothing whether two records come from one source.
    mutating func forgetSource() {
        for level in MatchField.source.levels {
            same.levels[level] = 0.5
            relative.levels[level] = 0.5
            namesake.levels[level] = 0.5
            stranger.levels[level] = 0.5
        }
    }

    /// Logarithms of the four kinds, ready to be summed.
    var logs: Logs { Logs([same, relative, namesake, stranger]) }

    /// log2 of prior and probability by level, a lane for each kind: same, relative, namesake, stranger.
    struct Logs {
        typealias Lanes = SIMD4<Double>

        private var base = Lanes()
        /// By raw value of the level; the first entry, a field that is not known, is what weighs nothing.
        private var levels = [Lanes](repeating: Lanes(), count: ComparisonLevel.tableLength)

        fileprivate init(_ kinds: [PairKind]) {
            for (lane, kind) in kinds.enumerated() {
                base[lane] = log2(kind.pairs)
                for (field, places) in LevelTable.fields.enumerated() {
                    let known = kind.known[field]
                    base[lane] += log2(1 - known)
                    for place in places where kind.levels.values[place] > 0 {
                        levels[place][lane] = log2(kind.levels.values[place]) + log2(known / (1 - known))
                    }
                }
            }
        }

        /// log2 of the expected number of pairs of each kind with a pattern, up to what all kinds share.
        @inline(__always)
        func terms(_ pattern: LevelPattern) -> Lanes {
            var sum = base
            for field in 0..<LevelTable.fields.count { sum += levels[pattern.level(field)] }
            sum[3] -= pattern.rarityBits
            return sum
        }

        /// The probability of each kind for a pattern.
        @inline(__always)
        func shares(_ pattern: LevelPattern) -> Lanes {
            let terms = terms(pattern)
            let high = terms.max()
            let shares = Lanes(
                exp2(terms[0] - high),
                exp2(terms[1] - high),
                exp2(terms[2] - high),
                exp2(terms[3] - high)
            )
            return shares / shares.sum()
        }

        /// The probability of each kind for a pattern that is not of one person.
        func otherShares(_ pattern: LevelPattern) -> Lanes {
            var shares = shares(pattern)
            shares[0] = 0
            let sum = shares.sum()
            return sum > 0 ? shares / sum : Lanes(0, 0, 0, 1)
        }

        /// log2 of the odds that a pair is of one person.
        func odds(_ pattern: LevelPattern) -> Double {
            let terms = terms(pattern)
            let high = max(terms[1], terms[2], terms[3])
            let others = exp2(terms[1] - high) + exp2(terms[2] - high) + exp2(terms[3] - high)
            return terms[0] - high - log2(others)
        }
    }
}
