import Demographics
import Identifiers
import LoadTest
import Matching
import RuleSets

/// What the kernels work on: an invented population, the same on every machine.
enum Inputs {
    /// Seed of all populations here.
    static let seed: UInt64 = 1

    /// The first records of a population in which every second person was recorded twice.
    static func records(_ count: Int) -> [SourceRecord] {
        PopulationGenerator(people: count, seed: seed, duplicates: 500).prefix(count).map { $0.sourceRecord() }
    }

    /// The same records keyed by the default rules.
    static func keyed(_ count: Int, _ rules: RuleSet) -> [KeyedRecord] {
        records(count).map { rules.key($0.key.id, NormalisedRecord($0)) }
    }

    /// The default rules.
    static func rules() throws -> RuleSet { try RuleSetFile.standardRules() }
}
