import Foundation
import Identifiers
import Matching
import RuleSets
import Testing

@testable import Training

@Suite struct MixtureTests {
    /// Draws pairs from a known model: persons, families and strangers.
    private struct World {
        var state: UInt64
        var levels: [[ComparisonLevel: Double]]
        /// How often the names change places, by kind.
        var swaps = [0.0, 0, 0]

        mutating func chance() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }

        mutating func pair(_ kind: Int) -> LevelPattern {
            var vector = LevelVector()
            for field in [MatchField.givenName, .familyName, .birthDate, .sex, .address, .source] {
                var left = chance()
                let mine = levels[kind].filter { $0.key.field == field }.sorted { $0.key.rawValue < $1.key.rawValue }
                for (level, share) in mine where left >= 0 {
                    left -= share
                    if left < 0 { vector[field] = level }
                }
            }
            if swaps[kind] > 0, chance() < swaps[kind] {
                vector[.givenName] = .givenSwapped
                vector[.familyName] = .familySwapped
            }
            return LevelPattern(vector, rarity: .zero)
        }
    }

    private static let same: [ComparisonLevel: Double] = [
        .givenExact: 0.85, .givenClose: 0.1, .givenDifferent: 0.05, .familyExact: 0.8, .familyDifferent: 0.2,
        .dateExact: 0.9, .dateOneDigit: 0.07, .dateDifferent: 0.03, .sexSame: 0.99, .sexDifferent: 0.01,
        .addressExact: 0.6, .addressDifferent: 0.4,
    ]
    private static let family: [ComparisonLevel: Double] = [
        .givenExact: 0.01, .givenDifferent: 0.99, .familyExact: 0.95, .familyDifferent: 0.05, .dateExact: 0.005,
        .dateDifferent: 0.995, .sexSame: 0.5, .sexDifferent: 0.5, .addressExact: 0.95, .addressDifferent: 0.05,
    ]
    /// Neither address nor sex is known of most; the names agree, the birth dates do not.
    private static let namesakes: [ComparisonLevel: Double] = [
        .givenExact: 0.8, .givenClose: 0.2, .familyExact: 0.9, .familyDifferent: 0.1, .dateExact: 0.0005,
        .dateOneDigit: 0.001, .dateDifferent: 0.9985, .addressExact: 0.01, .addressDifferent: 0.01,
    ]
    private static let strangers: [ComparisonLevel: Double] = [
        .givenExact: 0.02, .givenDifferent: 0.98, .familyExact: 0.01, .familyDifferent: 0.99, .dateExact: 0.0005,
        .dateOneDigit: 0.001, .dateDifferent: 0.9985, .sexSame: 0.5, .sexDifferent: 0.5, .addressExact: 0.0005,
        .addressDifferent: 0.9995,
    ]

    /// What blocking finds of strangers, those that agree on the address or the birth date, in expected numbers.
    private func addStrangers(to sample: inout PatternSample, _ population: Double) {
        let fields = [MatchField.givenName, .familyName, .birthDate, .sex, .address]
        func add(_ rest: ArraySlice<MatchField>, _ vector: LevelVector, _ pairs: Double) {
            guard let field = rest.first else {
                if vector[.address] == .addressExact || vector[.birthDate] == .dateExact {
                    sample.add(LevelPattern(vector, rarity: .zero), weight: pairs)
                }
                return
            }
            let levels = Self.strangers.filter { $0.key.field == field }.sorted { $0.key.rawValue < $1.key.rawValue }
            for (level, share) in levels {
                var next = vector
                next[field] = level
                add(rest.dropFirst(), next, pairs * share)
            }
        }
        add(fields[...], LevelVector(), population)
    }

    private func fitted(seed: UInt64) throws -> Mixture {
        var world = World(state: seed, levels: [Self.same, Self.family, Self.strangers])
        return try fitted(&world)
    }

    private func model(_ mixture: Mixture) -> TrainedModel {
        TrainedModel(
            mixture: mixture,
            blocking: BlockingPlan([], found: [], records: 10_000),
            frequencies: TermFrequencies(alternative: "stranger"),
            records: 10_000,
            unscoredPairs: 0
        )
    }

    private func fitted(_ world: inout World) throws -> Mixture {
        var sample = PatternSample()
        for _ in 0..<3_000 { sample.add(world.pair(0), weight: 1) }
        for _ in 0..<6_000 { sample.add(world.pair(1), weight: 1) }
        var background = Background(records: 10_000)
        for _ in 0..<80_000 { background.add(world.pair(2)) }
        addStrangers(to: &sample, background.population)
        return MixtureFit(sample, background: background, records: 10_000, start: try RuleSetFile.standardRules())
            .fitted()
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func aKnownModelIsFoundAgain(seed: UInt64) throws {
        let mixture = try fitted(seed: seed)
        #expect(mixture.converged)
        // Relatives keep the default rules' idea of given names and dates, which is not this world's: hence the slack.
        #expect(abs(mixture.same.pairs - 3_000) < 500)
        for (level, share) in Self.same { #expect(abs(mixture.same.levels[level] - share) < 0.05, "\(level)") }
        #expect(abs(mixture.relative.levels[.addressExact] - 0.95) < 0.1)
        #expect(mixture.stranger.levels[.givenExact] < 0.03)
    }

    /// Sparse records of people who are called alike are no persons: their class knows neither address nor sex.
    @Test func namesakesAreTheirOwnKind() throws {
        var world = World(state: 9, levels: [Self.same, Self.namesakes, Self.strangers])
        var sample = PatternSample()
        for _ in 0..<3_000 { sample.add(world.pair(0), weight: 1) }
        for _ in 0..<2_000 { sample.add(world.pair(1), weight: 1) }
        var background = Background(records: 10_000)
        for _ in 0..<80_000 { background.add(world.pair(2)) }
        addStrangers(to: &sample, background.population)
        let mixture = MixtureFit(
            sample,
            background: background,
            records: 10_000,
            start: try RuleSetFile.standardRules()
        ).fitted()
        #expect(abs(mixture.same.pairs - 3_000) < 300)
        #expect(abs(mixture.namesake.pairs - 2_000) < 600)
        #expect(mixture.namesake.known[Int(MatchField.address.rawValue)] < 0.1)
        #expect(mixture.same.known[Int(MatchField.address.rawValue)] > 0.9)
    }

    /// The rules say what the model says: least weight over alternatives is the log odds against the likeliest kind.
    @Test func rulesWeighAsTheModelDoes() throws {
        let mixture = try fitted(seed: 4)
        let rules = try model(mixture).rules(name: "told")
        #expect(rules.alternatives.map(\.name) == ["stranger", "relative", "namesake"])
        let logs = mixture.logs
        var world = World(state: 77, levels: [Self.same, Self.family, Self.namesakes])
        for kind in [0, 1, 2, 0, 1, 2, 0, 1, 2] {
            let pattern = world.pair(kind)
            let terms = logs.terms(pattern)
            let expected = terms[0] - max(terms[1], terms[2], terms[3])
            let found = rules.alternatives.map { alternative in
                (0..<LevelTable.fields.count).reduce(Int(alternative.prior)) { sum, field in
                    let level = pattern.level(field)
                    return level == 0 ? sum : sum + Int(alternative.weights[level])
                }
            }
            #expect(abs(Double(found.min() ?? 0) / 1_000 - expected) < 0.02)
        }
    }

    /// Two sources that know nobody twice: that two records come from one is evidence, and is learnt.
    @Test func whereNobodyIsKnownTwiceToOneSourceThatIsLearnt() throws {
        var world = World(state: 5, levels: [Self.same, Self.family, Self.strangers])
        for kind in 1...2 {
            world.levels[kind][.sourceSame] = 0.5
            world.levels[kind][.sourceDifferent] = 0.5
        }
        world.levels[0][.sourceDifferent] = 1
        let mixture = try fitted(&world)
        #expect(mixture.same.levels[.sourceSame] < 0.02)
        #expect(abs(mixture.stranger.levels[.sourceSame] - 0.5) < 0.02)
        let rules = try model(mixture).rules(name: "two sources")
        for alternative in rules.alternatives {
            #expect(alternative.weights[Int(ComparisonLevel.sourceSame.rawValue)] < -4_000)
            #expect(alternative.weights[Int(ComparisonLevel.sourceDifferent.rawValue)] > 500)
        }
    }

    /// With one source nothing is learnt of others: records of a new one must not count as strangers.
    @Test func oneSourceSaysNothingOfSources() throws {
        var world = World(state: 6, levels: [Self.same, Self.family, Self.strangers])
        for kind in 0...2 { world.levels[kind][.sourceSame] = 1 }
        let rules = try model(try fitted(&world)).rules(name: "one source")
        #expect(!rules.weighsSource)
    }

    /// Where many differ in what hardly any person differs in, strangers are meant: a person does not become one name.
    @Test func personsDifferInFewThings() throws {
        var world = World(state: 8, levels: [Self.same, Self.family, Self.strangers])
        for (level, share) in [
            (ComparisonLevel.givenExact, 0.55), (.givenClose, 0.05), (.givenDifferent, 0.4), (.dateExact, 0.2),
            (.dateOneDigit, 0.1), (.dateDifferent, 0.7),
        ] {
            world.levels[0][level] = share
        }
        let mixture = try fitted(&world)
        for (level, most) in MixtureFit.unlikely { #expect(mixture.same.levels[level] <= most + 1e-9, "\(level)") }
        for levels in LevelTable.groups {
            #expect(abs(levels.reduce(0) { $0 + mixture.same.levels.values[$1] } - 1) < 1e-9)
        }
        #expect(mixture.namesake.levels[.addressExact] < 0.01)
    }

    /// Families go to the same places: that two records come from two sources makes nobody relatives.
    @Test func relativesComeFromOneSourceAtLeastAsOftenAsStrangers() throws {
        var world = World(state: 11, levels: [Self.same, Self.family, Self.strangers])
        for (kind, share) in [0.99, 0.02, 0.2].enumerated() {
            world.levels[kind][.sourceSame] = share
            world.levels[kind][.sourceDifferent] = 1 - share
        }
        let mixture = try fitted(&world)
        #expect(mixture.relative.levels[.sourceSame] >= mixture.stranger.levels[.sourceSame])
        #expect(abs(MatchField.source.levels.reduce(0) { $0 + mixture.relative.levels[$1] } - 1) < 1e-9)
        #expect(mixture.same.levels[.sourceSame] > 0.95)
    }

    /// Brothers of whom no address is known are no namesakes: these are called alike.
    @Test func namesakesAreCalledAlike() throws {
        var world = World(state: 12, levels: [Self.same, Self.family, Self.strangers])
        for level in [ComparisonLevel.addressExact, .addressDifferent] { world.levels[1][level] = nil }
        world.levels[1][.sexSame] = 1
        world.levels[1][.sexDifferent] = 0
        let mixture = try fitted(&world)
        #expect(mixture.namesake.levels[.givenDifferent] <= 0.05 + 1e-9)
    }

    /// What keys find whole is counted there: random pairs would miss it, or see it twice.
    @Test func sharedValuesAreCountedInTheirBlocks() {
        var vector = LevelVector()
        vector[.phone] = .phoneExact
        let exact = LevelPattern(vector, rarity: .zero)
        vector[.phone] = .phoneDifferent
        let different = LevelPattern(vector, rarity: .zero)
        var sample = PatternSample()
        sample.add(exact, weight: 30)
        sample.add(exact, weight: 12)
        sample.add(different, weight: 5)
        #expect(sample.pairs(with: .phoneExact) == 42)
        var background = Background(records: 10_000)
        for _ in 0..<1_000_000 { background.add(different) }
        background.settle(.phoneExact, population: sample.pairs(with: .phoneExact))
        let expected = 42 / background.population
        #expect(abs(background.share(.phoneExact) / expected - 1) < 1e-6)
    }

    /// Given and family name change places together: that they do is weighed once.
    @Test func swappedNamesAreOneWonder() throws {
        var world = World(state: 7, levels: [Self.same, Self.family, Self.strangers])
        world.swaps = [0.03, 0.001, 0.001]
        let mixture = try fitted(&world)
        let rules = try model(mixture).rules(name: "swapped")
        let weights = rules.alternatives[0].weights
        let swap =
            weights[Int(ComparisonLevel.givenSwapped.rawValue)]
            + weights[Int(ComparisonLevel.familySwapped.rawValue)]
        // 30 times as often among persons as among strangers: not 30 times 30.
        #expect(abs(Double(swap) / 1_000 - log2(30)) < 1)
        for kind in [mixture.same, mixture.stranger] {
            #expect(abs(kind.levels[.familySwapped] + kind.levels[.familySwappedClose] - 1) < 1e-9)
        }
    }

    /// What somebody said of a few pairs changes what is thought of others like them.
    @Test func whatIsToldIsLearnt() throws {
        func odds(told: Bool?) throws -> Double {
            var world = World(state: 8, levels: [Self.same, Self.family, Self.strangers])
            var sample = PatternSample()
            for _ in 0..<400 { sample.add(world.pair(0), weight: 1) }
            var doubtful = LevelVector()
            doubtful[.givenName] = .givenClose
            doubtful[.familyName] = .familyExact
            doubtful[.birthDate] = .dateOneDigit
            doubtful[.address] = .addressDifferent
            let pattern = LevelPattern(doubtful, rarity: .zero)
            sample.add(pattern, weight: 60)
            if let told { for _ in 0..<30 { sample.add(pattern, isSame: told, weight: 1) } }
            var background = Background(records: 2_000)
            for _ in 0..<3_000 { background.add(world.pair(2)) }
            let start = try RuleSetFile.standardRules()
            return MixtureFit(sample, background: background, records: 2_000, start: start).fitted().logs.odds(pattern)
        }
        let untold = try odds(told: nil)
        #expect(try odds(told: true) > untold + 0.5)
        #expect(try odds(told: false) < untold - 0.5)
    }

    @Test func patternsTellLevelsAndRarity() {
        var vector = LevelVector()
        vector[.source] = .sourceDifferent
        vector[.mother] = .motherPart
        vector[.givenName] = .givenClose
        let pattern = LevelPattern(vector, rarity: MatchWeight(millibits: -2_600))
        #expect(pattern.level(0) == Int(ComparisonLevel.givenClose.rawValue))
        #expect(pattern.level(10) == Int(ComparisonLevel.motherPart.rawValue))
        #expect(pattern.level(11) == Int(ComparisonLevel.sourceDifferent.rawValue))
        #expect(pattern.level(4) == 0)
        #expect(pattern.rarityBits == -2.5)
    }
}
