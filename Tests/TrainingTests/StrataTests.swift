import Identifiers
import Matching
import RuleSets
import Testing

@testable import Training

/// Two registers that write down different things: one full middle names, another initials.
@Suite struct StrataTests {
    private struct Part {
        var share: Double
        var levels: [[(ComparisonLevel?, Double)]]
    }

    private static let names: [[(ComparisonLevel?, Double)]] = [
        [(.givenExact, 0.01), (.givenDifferent, 0.99)], [(.familyExact, 0.002), (.familyDifferent, 0.998)],
    ]

    /// Pairs within the first register, and pairs with the second.
    private static let strangers = [
        Part(
            share: 0.5,
            levels: names + [
                [(.middleExact, 0.005), (.middleDifferent, 0.995)], [(.sourceSame, 1)],
            ]
        ),
        Part(
            share: 0.5,
            levels: names + [[(.middleInitial, 0.15), (.middleDifferent, 0.85)], [(.sourceDifferent, 1)]]
        ),
    ]
    private static let persons = Part(
        share: 1,
        levels: [
            [(.givenExact, 0.96), (.givenDifferent, 0.04)], [(.familyExact, 0.97), (.familyDifferent, 0.03)],
            [(.middleInitial, 0.98), (.middleDifferent, 0.02)], [(.sourceDifferent, 1)],
        ]
    )

    /// Every pattern of a part, with its expected number of pairs.
    private func visit(_ part: Part, _ pairs: Double, _ body: (LevelVector, Double) -> Void) {
        func visit(_ rest: ArraySlice<[(ComparisonLevel?, Double)]>, _ vector: LevelVector, _ pairs: Double) {
            guard let choices = rest.first else { return body(vector, pairs) }
            for (level, share) in choices {
                var next = vector
                if let level { next[level.field] = level }
                visit(rest.dropFirst(), next, pairs * share)
            }
        }
        visit(part.levels[...], LevelVector(), pairs * part.share)
    }

    private func fitted(_ persons: Double, records: Int) throws -> Mixture {
        var background = Background(records: records)
        var sample = PatternSample()
        func found(_ vector: LevelVector, _ pairs: Double) {
            guard vector[.givenName] == .givenExact || vector[.familyName] == .familyExact else { return }
            sample.add(LevelPattern(vector, rarity: .zero), weight: pairs)
        }
        for part in Self.strangers {
            visit(part, 200_000) { vector, pairs in
                for _ in 0..<Int(pairs.rounded()) { background.add(LevelPattern(vector, rarity: .zero)) }
            }
            visit(part, background.population, found)
        }
        visit(Self.persons, persons, found)
        let start = try RuleSetFile.standardRules()
        return MixtureFit(sample, background: background, records: records, start: start).fitted()
    }

    /// More strangers agree in given name and initial than independence has it; they are no persons.
    @Test func whatOneRegisterWritesDownMakesNoPersons() throws {
        let mixture = try fitted(1_000, records: 4_000)
        #expect(abs(mixture.same.pairs - 1_000) < 300)
        #expect(mixture.same.levels[.familyDifferent] < 0.1)
    }

    @Test func aStratumIsWhatBothKnow() {
        var vector = LevelVector()
        #expect(Strata.number(LevelPattern(vector, rarity: .zero)) == 0)
        vector[.givenName] = .givenExact
        vector[.source] = .sourceDifferent
        #expect(Strata.number(LevelPattern(vector, rarity: .zero)) == 1)
        #expect(Strata.isAlike(LevelPattern(vector, rarity: .zero)))
        vector[.givenName] = .givenDifferent
        vector[.source] = .sourceSame
        #expect(Strata.number(LevelPattern(vector, rarity: .zero)) == 1 | 1 << Int(MatchField.source.rawValue))
        #expect(!Strata.isAlike(LevelPattern(vector, rarity: .zero)))
    }

    /// What strangers of one given name have in common goes with the name.
    @Test func peopleOfOneGivenNameAreOfOneSex() {
        var strata = Strata()
        var vector = LevelVector()
        for (given, sex, count) in [
            (ComparisonLevel.givenExact, ComparisonLevel.sexSame, 300), (.givenDifferent, .sexSame, 5_000),
            (.givenDifferent, .sexDifferent, 5_300),
        ] {
            vector[.givenName] = given
            vector[.sex] = sex
            for _ in 0..<count { strata.add(LevelPattern(vector, rarity: .zero)) }
        }
        var all = LevelTable(repeating: 1)
        all.normalise()
        let none = [Double](repeating: 0, count: ComparisonLevel.tableLength)
        let number = Strata.number(LevelPattern(vector, rarity: .zero))
        #expect(strata.large == [number])
        let table = strata.strangers(number, without: none, all: all)
        #expect(abs(table[.sexSame] - 0.5) < 0.01)
        #expect(strata.namesakes(number, without: none, of: table)[.sexSame] > 0.9)
    }
}
