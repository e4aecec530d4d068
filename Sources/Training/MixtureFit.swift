import Foundation
import Identifiers
import Matching

/// Fits a mixture to a sample by expectation and maximisation (Dempster, Laird and Rubin 1977).
struct MixtureFit {
    /// Most rounds.
    static let roundLimit = 80
    /// Fewest rounds: the first ones move little where the start is far off.
    static let fewestRounds = 12
    /// Fitted where the number of pairs of one person moves by less than this share.
    static let tolerance = 1e-4
    /// Pretended pairs that agree as the default rules say: keeps small and odd sets sane.
    static let priorPairs = 20.0
    /// Before this round strangers are not corrected for the persons among them.
    static let correctedFrom = 3

    /// What a household shares; relatives learn these fields from the data.
    static let householdFields: Set<MatchField> = [.familyName, .phone, .address, .place, .mother]

    private let background: Background
    private let sample: PatternSample
    private let priorSame: LevelTable
    private let priorRelative: LevelTable
    private var mixture: Mixture
    /// Estimated pairs of one person that know a field, as a share.
    private var levelsOfSame = LevelTable()

    /// Prepares a fit.
    ///
    /// - Parameters:
    ///   - sample: pairs found by blocking.
    ///   - background: pairs taken at random.
    ///   - records: number of records.
    ///   - start: rules with the alternatives `stranger` and `relative`: where to start, and what to fall back on.
    init(_ sample: PatternSample, background: Background, records: Int, start: RuleSet) {
        self.sample = sample
        self.background = background
        let stranger = background.strangers(without: 0, levels: nil)
        let toStranger = MixtureFit.bits(start, 0)
        let toRelative = MixtureFit.bits(start, 1)
        var same = LevelTable()
        for level in same.values.indices { same.values[level] = stranger.values[level] * exp2(toStranger[level]) }
        same.normalise()
        var relative = LevelTable()
        for level in same.values.indices { relative.values[level] = same.values[level] / exp2(toRelative[level]) }
        relative.normalise()
        priorSame = same
        priorRelative = relative
        mixture = Mixture(
            same: same,
            relative: relative,
            stranger: stranger,
            samePairs: max(1, 0.3 * Double(records)),
            relativePairs: max(1, 0.05 * sample.weights.reduce(0, +)),
            strangerPairs: background.population
        )
    }

    private static func bits(_ rules: RuleSet, _ alternative: Int) -> [Double] {
        guard alternative < rules.alternatives.count else {
            return [Double](repeating: 0, count: ComparisonLevel.tableLength)
        }
        return rules.alternatives[alternative].weights.map { Double($0) / 1_000 }
    }

    /// Fits.
    consuming func fitted() -> Mixture {
        while mixture.rounds < MixtureFit.roundLimit {
            let before = mixture.samePairs
            round()
            let moved = abs(mixture.samePairs - before)
            if mixture.rounds >= MixtureFit.fewestRounds, moved <= MixtureFit.tolerance * before {
                mixture.converged = true
                break
            }
        }
        return mixture
    }

    private mutating func round() {
        let logs = mixture.logs
        var same = LevelTable()
        var relative = LevelTable()
        var (samePairs, relativePairs) = (0.0, 0.0)
        for (pattern, weight) in zip(sample.patterns, sample.weights) {
            let terms = logs.terms(pattern)
            let all = Mixture.Logs.sum(terms.same, Mixture.Logs.sum(terms.relative, terms.stranger))
            let inSame = exp2(terms.same - all) * weight
            let inRelative = exp2(terms.relative - all) * weight
            samePairs += inSame
            relativePairs += inRelative
            for field in 0..<LevelTable.fields.count {
                let level = pattern.level(field)
                same.values[level] += inSame
                relative.values[level] += inRelative
            }
        }
        mixture.samePairs = max(1, samePairs)
        mixture.relativePairs = max(1, relativePairs)
        mixture.history.append(samePairs)
        mixture.rounds += 1
        for level in same.values.indices { levelsOfSame.values[level] = same.values[level] / mixture.samePairs }
        maximise(same, relative)
        if mixture.rounds > MixtureFit.correctedFrom {
            mixture.stranger = background.strangers(without: mixture.samePairs, levels: levelsOfSame)
        }
    }

    private mutating func maximise(_ same: LevelTable, _ relative: LevelTable) {
        for field in MatchField.allCases {
            let levels = LevelTable.fields[Int(field.rawValue)]
            MixtureFit.maximise(levels, same, priorSame, into: &mixture.same)
            guard MixtureFit.householdFields.contains(field) else { continue }
            MixtureFit.maximise(levels, relative, priorRelative, into: &mixture.relative)
        }
    }

    private static func maximise(_ levels: [Int], _ seen: LevelTable, _ prior: LevelTable, into table: inout LevelTable)
    {
        let sum = levels.reduce(0) { $0 + seen.values[$1] }
        for level in levels {
            table.values[level] = (seen.values[level] + priorPairs * prior.values[level]) / (sum + priorPairs)
        }
    }
}
