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
    /// Pretended pairs that know a field as often as strangers do.
    static let knownPriorPairs = 100.0
    /// Before this round strangers are not corrected for the persons among them.
    static let correctedFrom = 3

    /// What a household shares; relatives learn these fields from the data.
    ///
    /// Middle names are among them, since in many places the father's name is one.
    /// So do they the sources where they are known: a census visits a family at once.
    static let householdFields: Set<MatchField> = [
        .middleName, .familyName, .phone, .address, .place, .mother, .source,
    ]
    /// What says nothing about people who are called alike: namesakes agree in these fields as strangers do.
    ///
    /// People of one name in one house are a person or relatives: a class that could share the house would take the
    /// persons whose dates are poor.
    static let ownFields: Set<MatchField> = [
        .middleName, .birthDate, .identifier, .phone, .email, .address, .place, .source,
    ]
    /// What it is to be called alike.
    static let namesakeLevels: (given: [ComparisonLevel], family: [ComparisonLevel]) = (
        [.givenExact, .givenClose, .givenVariant], [.familyExact, .familyClose]
    )
    /// How many more people may be called alike than would be if given and family names went by chance.
    ///
    /// Peoples and places have names of their own. A class without this bound takes the persons whose dates are poor.
    static let namesakeFactor = 4.0
    /// How much rarer than strangers the pairs of one person may know a field together.
    ///
    /// Fields that one source leaves out are missing together: each counted in full, what two registers never know of
    /// each other was held against the records that they do.
    static let rarelyKnown = 0.25
    /// How much likelier than strangers relatives may come from one source; less likely they are not.
    ///
    /// Families live together, so they go to the same places.
    static let sourceFactor = 4.0
    /// What hardly any pair of one person has: names and birth dates that have nothing to do with each other.
    ///
    /// Far more strangers than persons are called by one given name, and they are of one sex. Where little else tells
    /// (years worked out from ages), the class of persons would grow by them until it is that of one given name.
    /// The largest shares of the pairs of one person that may differ so: many are married, more ages are wrong.
    static let unlikely: [(level: ComparisonLevel, most: Double)] = [
        (.givenDifferent, 0.25), (.familyDifferent, 0.4), (.dateDifferent, 0.4),
    ]
    /// What people who are called alike are not called.
    static let notAlike: [(level: ComparisonLevel, most: Double)] = [(.givenDifferent, 0.05)]
    /// Share of random pairs that must come from one source, and from two, for sources to say anything.
    static let leastSourceShare = 0.005

    private let background: Background
    private let sample: PatternSample
    private let priorSame: LevelTable
    private let priorRelative: LevelTable
    /// Share of random pairs in which both records know a field.
    private let known: [Double]
    /// Whether it can be learnt how often a person is known twice to one source.
    private let learnsSource: Bool
    private var mixture: Mixture
    /// The strata of strangers that are looked at by themselves.
    private let strata: [Int]
    /// By pattern and by told pair: where in `strangers` it is told how strangers like these agree.
    private let places: (patterns: [Int], told: [Int])
    /// How the strangers of each of these strata agree, and those of one given name after them; the last two entries
    /// are for all other strata.
    private var strangers: [LevelTable]

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
        let margin = PairKind.knownMargin
        let known = LevelTable.fields.indices.map { min(1 - margin, max(margin, background.known($0))) }
        let shares = MatchField.source.levels.map { background.share($0) }
        learnsSource = shares.allSatisfy { $0 >= MixtureFit.leastSourceShare }
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
        self.known = known
        let strata = background.strata.large
        self.strata = strata
        let place = { (pattern: LevelPattern) in
            2 * (strata.firstIndex(of: Strata.number(pattern)) ?? strata.count) + (Strata.isAlike(pattern) ? 1 : 0)
        }
        places = (sample.patterns.map(place), sample.told.map { place($0.pattern) })
        strangers = [LevelTable](repeating: stranger, count: 2 * strata.count + 2)
        func kind(_ pairs: Double, _ levels: LevelTable) -> PairKind {
            PairKind(pairs: max(1, pairs), levels: levels, known: known)
        }
        mixture = Mixture(
            same: kind(0.3 * Double(records), same),
            relative: kind(0.05 * sample.weights.reduce(0, +), relative),
            namesake: kind(0.01 * Double(records), MixtureFit.namesakes(same, stranger)),
            stranger: kind(background.population, stranger)
        )
        for field in [MatchField.givenName, .familyName] {
            mixture.same.absence[Int(field.rawValue)] = 1 - background.namelessness / 2
        }
        if !learnsSource { mixture.forgetSource() }
    }

    private static let groups = MatchField.allCases.flatMap { field in
        LevelTable.groups(of: field).map { (field: field, levels: $0) }
    }

    private static func bits(_ rules: RuleSet, _ alternative: Int) -> [Double] {
        guard alternative < rules.alternatives.count else {
            return [Double](repeating: 0, count: ComparisonLevel.tableLength)
        }
        return rules.alternatives[alternative].weights.map { Double($0) / 1_000 }
    }

    /// People called alike as the default rules see one person, but born and numbered like strangers.
    private static func namesakes(_ same: LevelTable, _ stranger: LevelTable) -> LevelTable {
        var table = same
        for field in ownFields {
            for level in LevelTable.fields[Int(field.rawValue)] { table.values[level] = stranger.values[level] }
        }
        return table
    }

    /// Fits.
    consuming func fitted() -> Mixture {
        while mixture.rounds < MixtureFit.roundLimit {
            let before = mixture.same.pairs
            round()
            let moved = abs(mixture.same.pairs - before)
            if mixture.rounds >= MixtureFit.fewestRounds, moved <= MixtureFit.tolerance * before {
                mixture.converged = true
                break
            }
        }
        return mixture
    }

    private mutating func round() {
        let logs = strangers.map(logarithms)
        var seen = [SIMD4<Double>](repeating: SIMD4(), count: ComparisonLevel.tableLength)
        var persons = [[Double]](repeating: [Double](repeating: 0, count: seen.count), count: strangers.count)
        var pairs = SIMD4<Double>()
        func count(_ shares: SIMD4<Double>, _ pattern: LevelPattern, _ place: Int) {
            pairs += shares
            for field in 0..<LevelTable.fields.count {
                let level = pattern.level(field)
                seen[level] += shares
                persons[place][level] += shares[0]
            }
        }
        for (index, place) in places.patterns.enumerated() {
            let pattern = sample.patterns[index]
            count(logs[place].shares(pattern) * sample.weights[index], pattern, place)
        }
        for (told, place) in zip(sample.told, places.told) {
            let shares = told.isSame ? SIMD4(1, 0, 0, 0) : logs[place].otherShares(told.pattern)
            count(shares * told.weight, told.pattern, place)
        }
        let same = seen.map { $0[0] }
        let relative = seen.map { $0[1] }
        let namesake = seen.map { $0[2] }
        mixture.history.append(pairs[0])
        mixture.rounds += 1
        if mixture.rounds > MixtureFit.correctedFrom { correctStrangers(pairs[0], same, persons) }
        maximise(&mixture.same, pairs[0], same) {
            $0 * MixtureFit.rarelyKnown...($0 > 0.5 ? $0 : $0.squareRoot())
        }
        maximise(&mixture.relative, pairs[1], relative) { 0...$0 }
        maximise(&mixture.namesake, min(pairs[2], mostNamesakes), namesake) { 0...$0 }
        let start = MixtureFit.namesakes(priorSame, mixture.stranger.levels)
        for (field, levels) in MixtureFit.groups {
            MixtureFit.maximise(levels, same, priorSame, into: &mixture.same.levels)
            MixtureFit.limit(MixtureFit.unlikely, levels, in: &mixture.same.levels)
            if MixtureFit.householdFields.contains(field) {
                MixtureFit.maximise(levels, relative, priorRelative, into: &mixture.relative.levels)
            }
            if MixtureFit.ownFields.contains(field) {
                for level in levels { mixture.namesake.levels.values[level] = start.values[level] }
            } else {
                MixtureFit.maximise(levels, namesake, start, into: &mixture.namesake.levels)
                MixtureFit.limit(MixtureFit.notAlike, levels, in: &mixture.namesake.levels)
            }
        }
        limitSource()
        if !learnsSource { mixture.forgetSource() }
    }

    /// How many pairs of people who are called alike there may be.
    private var mostNamesakes: Double {
        let levels = mixture.stranger.levels
        let (given, family) = MixtureFit.namesakeLevels
        let chance = given.reduce(0) { $0 + levels[$1] } * family.reduce(0) { $0 + levels[$1] }
        return MixtureFit.namesakeFactor * chance * background.population
    }

    /// Keeps relatives from being whatever one source holds, or two.
    private mutating func limitSource() {
        let stranger = mixture.stranger.levels[.sourceSame]
        let most = min(MixtureFit.sourceFactor * stranger, 1 - (1 - stranger) / MixtureFit.sourceFactor)
        let share = max(stranger, min(most, mixture.relative.levels[.sourceSame]))
        mixture.relative.levels[.sourceSame] = share
        mixture.relative.levels[.sourceDifferent] = 1 - share
    }

    /// Logarithms of the four kinds where strangers agree as they do in a stratum; and so do namesakes in what says
    /// nothing about them.
    private func logarithms(_ levels: LevelTable) -> Mixture.Logs {
        var mixture = mixture
        mixture.stranger.levels = levels
        for field in MixtureFit.ownFields {
            for level in LevelTable.fields[Int(field.rawValue)] {
                mixture.namesake.levels.values[level] = levels.values[level]
            }
        }
        if !learnsSource { mixture.forgetSource() }
        return mixture.logs
    }

    /// Takes the persons out of the random pairs.
    private mutating func correctStrangers(_ pairs: Double, _ seen: [Double], _ persons: [[Double]]) {
        var levels = LevelTable()
        let pairs = max(1, pairs)
        for level in levels.values.indices { levels.values[level] = seen[level] / pairs }
        let all = background.strangers(without: pairs, levels: levels)
        mixture.stranger.levels = all
        let same = persons.map { $0.map { $0 / background.scale } }
        strangers = []
        for (place, stratum) in (strata.map(Optional.some) + [nil]).enumerated() {
            let (others, alike) = (same[2 * place], same[2 * place + 1])
            var table = all
            if let stratum {
                table = background.strata.strangers(stratum, without: zip(others, alike).map(+), all: all)
            }
            strangers.append(table)
            strangers.append(background.strata.namesakes(stratum, without: alike, of: table))
        }
    }

    /// Learns how many pairs there are of a kind and how often they know a field.
    ///
    /// Keys find pairs that know what the keys are made of, so a kind looks as if it knew more than it does: no kind
    /// knows a field together more often than strangers, but for persons a field that few records have (a phone), which
    /// they know together at most as often as one record knows it.
    private func maximise(
        _ kind: inout PairKind,
        _ pairs: Double,
        _ seen: [Double],
        limits: (Double) -> ClosedRange<Double>
    ) {
        kind.pairs = max(1, pairs)
        let (prior, margin) = (MixtureFit.knownPriorPairs, PairKind.knownMargin)
        for (field, levels) in LevelTable.fields.enumerated() where field != Int(MatchField.source.rawValue) {
            let both = levels.reduce(0) { $0 + seen[$1] }
            let share = (both + prior * known[field]) / (pairs + prior)
            let limits = limits(known[field])
            kind.known[field] = max(margin, min(1 - margin, max(limits.lowerBound, min(limits.upperBound, share))))
        }
    }

    private static func maximise(_ levels: [Int], _ seen: [Double], _ prior: LevelTable, into table: inout LevelTable) {
        let sum = levels.reduce(0) { $0 + seen[$1] }
        for level in levels {
            table.values[level] = (seen[level] + priorPairs * prior.values[level]) / (sum + priorPairs)
        }
    }

    /// Gives what exceeds the share of an unlikely level to the other levels of its group.
    private static func limit(
        _ unlikely: [(level: ComparisonLevel, most: Double)],
        _ levels: [Int],
        in table: inout LevelTable
    ) {
        for (level, most) in unlikely where levels.contains(Int(level.rawValue)) && table[level] > most {
            let scale = (1 - most) / (1 - table[level])
            for other in levels { table.values[other] *= scale }
            table[level] = most
        }
    }
}
