import Demographics
import Identifiers
import RuleSets
import Testing

@testable import Matching

/// What must hold for every pair of records whatever they say.
@Suite struct ScorePropertyTests {
    /// The default rules; on odd seeds such as ask where records come from.
    private static func rules(_ seed: UInt64) throws -> RuleSet {
        let standard = try RuleSetFile.standardRules()
        guard seed % 2 == 1 else { return standard }
        var alternatives = standard.alternatives
        for index in alternatives.indices {
            alternatives[index].weights[Int(ComparisonLevel.sourceSame.rawValue)] = -3_000 + Int32(index) * 2_000
            alternatives[index].weights[Int(ComparisonLevel.sourceDifferent.rawValue)] = 1_250
        }
        return try RuleSet(
            name: "sources",
            matchThreshold: standard.matchThreshold,
            reviewThreshold: standard.reviewThreshold,
            blockLimit: standard.blockLimit,
            alternatives: alternatives,
            blocking: standard.blocking,
            guards: standard.guards
        )
    }

    private static func people(_ seed: UInt64, _ count: Int) throws -> (RuleSet, [KeyedRecord]) {
        let rules = try rules(seed)
        var random = RandomPeople(seed: seed)
        let keyed = (0..<count).map { _ in
            let record = random.next()
            return rules.key(record.key.id, NormalisedRecord(record))
        }
        return (rules, keyed)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func symmetricAndBoundedBySketch(seed: UInt64) throws {
        let (rules, keyed) = try Self.people(seed, 60)
        for left in keyed {
            let query = try PreparedQuery(left.row, sketch: left.sketch, rules: rules)
            for right in keyed {
                let back = try PreparedQuery(right.row, sketch: right.sketch, rules: rules)
                let score = right.row.withUnsafeBytes { query.score($0) }
                #expect(score == left.row.withUnsafeBytes { back.score($0) })
                #expect(query.upperBound(right.sketch) >= score)
                #expect(right.row.withUnsafeBytes { query.levels($0) } == left.row.withUnsafeBytes { back.levels($0) })
            }
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func floorNeverHidesAWeightThatMatters(seed: UInt64) throws {
        let (rules, keyed) = try Self.people(seed &+ 100, 60)
        for left in keyed {
            let query = try PreparedQuery(left.row, sketch: left.sketch, rules: rules)
            for right in keyed {
                let score = right.row.withUnsafeBytes { query.score($0) }
                for bits in [-30.0, -5, 0, 2, 8, 20] {
                    let floor = MatchWeight(bits: bits)
                    let found = right.row.withUnsafeBytes { query.score($0, atLeast: floor) }
                    #expect(score >= floor ? found == score : found < floor)
                }
            }
        }
    }

    @Test func explanationGivesTheSameTotal() throws {
        let (rules, keyed) = try Self.people(7, 50)
        for left in keyed {
            let query = try PreparedQuery(left.row, sketch: left.sketch, rules: rules)
            for right in keyed {
                let why = try Explanation(left.row, right.row, rules: rules)
                #expect(why.total == right.row.withUnsafeBytes { query.score($0) })
                let sums = why.alternatives.indices.map { index in
                    why.fields.reduce(why.alternatives[index].prior) { $0 + $1.weights[index] }
                }
                #expect(sums == why.alternatives.map(\.total))
                #expect(sums.min() == why.total)
            }
        }
    }

    @Test func aSecondCompilationScoresAlike() throws {
        let (rules, keyed) = try Self.people(8, 40)
        let again = try RuleSet(decoding: rules.encoded())
        #expect(again.version == rules.version)
        for left in keyed {
            let query = try PreparedQuery(left.row, sketch: left.sketch, rules: rules)
            let twin = try PreparedQuery(left.row, sketch: left.sketch, rules: again)
            for right in keyed {
                #expect(right.row.withUnsafeBytes { query.score($0) } == right.row.withUnsafeBytes { twin.score($0) })
            }
        }
    }

    @Test func missingValuesAreNeutral() throws {
        let rules = try RuleSetFile.standardRules()
        let empty = SourceRecord(key: RecordKey(source: "", value: "empty"))
        let keyed = rules.key(empty.key.id, NormalisedRecord(empty))
        let prior = rules.alternatives.map(\.prior).min() ?? 0
        let query = try PreparedQuery(keyed.row, sketch: keyed.sketch, rules: rules)
        var random = RandomPeople(seed: 9)
        for _ in 0..<200 {
            let record = random.next()
            let other = rules.key(record.key.id, NormalisedRecord(record))
            #expect(other.row.withUnsafeBytes { query.score($0) } == MatchWeight(millibits: prior))
        }
        #expect(keyed.keys.isEmpty)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func brokenRowsAreRefusedAndNeverTrap(seed: UInt64) throws {
        let (rules, keyed) = try Self.people(seed &+ 200, 12)
        var random = RandomPeople(seed: seed)
        let query = try PreparedQuery(keyed[0].row, sketch: keyed[0].sketch, rules: rules)
        for record in keyed {
            for count in 0..<FeatureRow.headerLength {
                #expect(Array(record.row.prefix(count)).withUnsafeBytes { query.score($0) } == .lowest)
            }
            for _ in 0..<400 {
                var row = record.row
                for _ in 0...random.below(4) { row[random.below(row.count)] = UInt8(random.below(256)) }
                row.removeLast(random.below(3))
                let score = row.withUnsafeBytes { query.score($0) }
                #expect(score >= .lowest)
                if let broken = try? PreparedQuery(row, sketch: record.sketch, rules: rules) {
                    _ = record.row.withUnsafeBytes { broken.score($0) }
                    _ = row.withUnsafeBytes { broken.score($0) }
                }
                _ = try? Explanation(row, record.row, rules: rules).description
            }
        }
    }
}
