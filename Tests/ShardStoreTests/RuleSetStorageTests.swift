import Identifiers
import Matching
import ShardProtocol
import ShardStore
import SimulationKit
import Testing

@Suite("Rule sets in a store")
struct RuleSetStorageTests {
    private func rules(_ limit: Int) throws -> RuleSet {
        try RuleSet(
            name: "test \(limit)",
            matchThreshold: MatchWeight(millibits: 5_000),
            reviewThreshold: MatchWeight(millibits: 1_000),
            blockLimit: limit,
            alternatives: [
                Alternative(
                    name: "stranger",
                    prior: -20_000,
                    weights: [Int32](repeating: 0, count: ComparisonLevel.tableLength)
                )
            ],
            blocking: [BlockingRule([.birthDate])],
            guards: GuardRules()
        )
    }

    @Test func anInstalledRuleSetOutlivesCrashAndFlush() throws {
        let harness = try StoreHarness()
        let rules = try rules(50)
        let request = CandidatesRequest(rules: rules.version, floor: .zero, queries: [])
        #expect(try harness.ask(.candidates(request)) == .failure(.unknownRuleSet(rules.version)))
        let ticket = harness.submit(.install(rules: rules.encoded()))
        #expect(harness.answer(ticket) == nil, "it is answered only when durable")
        harness.settle()
        #expect(harness.answer(ticket) == .installed(rules.version))
        for _ in 0..<2 {
            try harness.crash()
            #expect(
                try harness.ask(.candidates(request)) == .candidates(CandidatesAnswer(found: [], cost: SearchCost()))
            )
            #expect(try harness.ask(.install(rules: rules.encoded())) == .installed(rules.version))
            harness.flushAll()
        }
    }

    @Test func theOneInstalledFirstGoesWhereThereAreTooMany() throws {
        var configuration = StoreNode.smallConfiguration
        configuration.ruleSetLimit = 3
        let harness = try StoreHarness(configuration: configuration)
        var versions: [RuleSetVersion] = []
        for limit in 1...5 {
            let rules = try rules(limit)
            versions.append(rules.version)
            #expect(try harness.ask(.install(rules: rules.encoded())) == .installed(rules.version))
        }
        for _ in 0..<2 {
            guard case .status(let status) = try harness.ask(.status) else { throw ShardError.timeout }
            #expect(status.rules == Array(versions.suffix(3)))
            try harness.crash()
            harness.flushAll()
        }
    }

    @Test func whatIsNoRuleSetIsRefused() throws {
        let harness = try StoreHarness()
        guard case .failure(.badRequest) = try harness.ask(.install(rules: [1, 2, 3])) else {
            Issue.record("three bytes are no rule set")
            return
        }
    }
}
