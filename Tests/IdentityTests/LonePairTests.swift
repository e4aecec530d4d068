import Demographics
import Identifiers
import TestRandom
import Testing

@testable import Identity

/// Two records with one edge are decided at once as the whole engine decides them.
@Suite struct LonePairTests {
    private static func facts(_ generator: inout SeededGenerator) -> GuardFacts {
        var facts = GuardFacts()
        facts.birthDate = [0, 1_985_03_09, 1_979_11_30, 1_979_01_01].randomElement(using: &generator) ?? 0
        facts.sex = UInt8.random(in: 0...2, using: &generator)
        facts.birthOrder = UInt8.random(in: 0...2, using: &generator)
        facts.givenName = UInt64.random(in: 0...2, using: &generator)
        for authority in 0..<UInt64.random(in: 0...2, using: &generator) {
            facts.identifiers.append(.init(authority: authority, value: UInt64.random(in: 0...1, using: &generator)))
        }
        return facts
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func decidesAsTheEngineDoes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let growth: [[MatchWeight]] = seed % 3 == 0 ? [] : [[MatchWeight(millibits: seed % 3 == 1 ? 0 : -4_000)]]
        let policy = IdentityPolicy(
            matchThreshold: MatchWeight(millibits: -1_500),
            reviewThreshold: MatchWeight(millibits: -4_000),
            guards: seed % 5 == 0 ? .none : .moderate,
            linkage: seed % 2 == 0 ? .single : .average(absent: MatchWeight(millibits: 3_000), growth: growth)
        )
        let engine = IdentityEngine(policy: policy)
        for _ in 0..<60 {
            let (first, second) = (Self.facts(&generator), Self.facts(&generator))
            let weight = MatchWeight(millibits: Int32.random(in: -1_500...12_000, using: &generator))
            let changes: [IdentityChange] = [
                .upsert(record: RecordID(1), at: Sequence(1), facts: first, neighbours: []),
                .upsert(record: RecordID(2), at: Sequence(2), facts: second, neighbours: [.init(RecordID(1), weight)]),
            ]
            var births = Sequence(1)
            let resolution = try engine.resolve([], applying: changes, nextBirth: &births)
            let persons = resolution.components.flatMap(\.persons).count
            #expect(engine.joins(first, second, weight: weight) == (persons == 1))
        }
    }
}
