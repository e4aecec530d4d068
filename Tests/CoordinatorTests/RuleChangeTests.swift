import Demographics
import Identifiers
import Identity
import Matching
import RuleSets
import ShardProtocol
import SimulationKit
import Testing

@testable import Coordinator

/// A change of rules ends where a registry would be that knew them from the beginning, whatever happens meanwhile.
struct RuleChangeTests {
    private static func put(_ rules: RuleSet, _ registry: Registry) async throws {
        _ = try await registry.rules(RulesOrder(.put(Array(rules.yaml().utf8)), by: "akello", comment: "learnt"))
    }

    private static func activate(_ rules: RuleSet, _ registry: Registry) async throws {
        _ = try await registry.rules(RulesOrder(.activate(rules.version, recordsPerSecond: 0), by: "akello"))
    }

    private static func settled(_ registry: Registry) async throws -> RulesReport {
        while true {
            let report = try await registry.rules(RulesOrder(.report))
            if report.book.transition == nil { return report }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    private static func rounds(_ world: RuleWorld, _ count: Int, _ registry: Registry) async throws {
        for _ in 0..<count { try await world.write(registry) }
    }

    private static func compare(_ world: RuleWorld, _ registry: Registry, _ rules: RuleSet, _ seed: UInt64) async throws
    {
        let fresh = try await world.fresh(rules)
        #expect(try await RuleWorld.partition(registry) == fresh.partition, "seed \(seed)")
        for golden in world.goldens where try await registry.person(golden) == nil {
            // Only the removal of its last record ends a golden identifier.
            let events = try await registry.history(of: golden).entries.flatMap(\.events)
            #expect(events.contains(.goldenRetired(golden)), "seed \(seed)")
        }
        let homes = try world.shards.flatMap { $0.rows(of: .home) }.map { try HomeRow(decoding: $0.value) }
        #expect(
            homes.filter { !$0.deleted }.allSatisfy {
                $0.rules == rules.version && !$0.keys.contains { $0.rule == HomeRow.waitingRule }
            }
        )
        _ = try await registry.keep(.scrub(mends: false, recordsPerSecond: 0))
        while true {
            guard let view = try await registry.keep(.report).scrub, view.phase != .running else { continue }
            #expect(view.findings.isEmpty, "seed \(seed): \(view.findings)")
            break
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func writesGoOnWhileRulesChange(seed: UInt64) async throws {
        let world = RuleWorld(seed: seed)
        let (standard, others) = (try RuleSetFile.standardRules(), try RuleWorld.others())
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            try await Self.rounds(world, 150, registry)
            try await Self.put(others, registry)
            try await Self.activate(others, registry)
            while try await registry.rules(RulesOrder(.report)).book.transition != nil {
                try await world.write(registry)
            }
            try await Self.rounds(world, 20, registry)
            try await Self.compare(world, registry, others, seed)
            let report = try await registry.rules(RulesOrder(.report))
            #expect(report.deciding == others.version && report.configured == standard.version)
            #expect(report.book.turns.map(\.kind) == [.completed, .activated, .completed])
            #expect(await registry.status().rules == others.version)
        }
    }

    @Test(arguments: [11] as [UInt64])
    func aLeaderThatIsGoneLeavesTheChangeToTheNext(seed: UInt64) async throws {
        let world = RuleWorld(seed: seed)
        let (standard, others) = (try RuleSetFile.standardRules(), try RuleWorld.others())
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            try await Self.rounds(world, 150, registry)
            try await Self.put(others, registry)
            try await Self.activate(others, registry)
        }
        for _ in 0..<40 {
            let isDone = try await RuleWorld.whileLeading(world.registry(standard)) { registry in
                try await Self.rounds(world, 3, registry)
                try await Task.sleep(for: .milliseconds(15))
                return try await registry.rules(RulesOrder(.report)).book.transition == nil
            }
            if isDone { break }
        }
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            _ = try await Self.settled(registry)
            try await Self.compare(world, registry, others, seed)
        }
    }

    @Test(arguments: [21] as [UInt64])
    func whatIsRolledBackHalfwayIsAsItWas(seed: UInt64) async throws {
        let world = RuleWorld(seed: seed)
        let (standard, others) = (try RuleSetFile.standardRules(), try RuleWorld.others())
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            try await Self.rounds(world, 150, registry)
            try await Self.put(others, registry)
            try await Self.activate(others, registry)
            // Given up while records are posted under new keys: nothing has been decided.
            _ = try await registry.rules(RulesOrder(.rollBack(recordsPerSecond: 0), by: "akello"))
            #expect(try await Self.settled(registry).deciding == standard.version)
            try await Self.activate(others, registry)
            while true {
                let report = try await registry.rules(RulesOrder(.report))
                try await world.write(registry)
                if let transition = report.book.transition, transition.phase == .indexing || transition.slot < 1_500 {
                    continue
                }
                break
            }
            _ = try await registry.rules(RulesOrder(.rollBack(recordsPerSecond: 0), by: "akello"))
            try await Self.rounds(world, 10, registry)
            #expect(try await Self.settled(registry).deciding == standard.version)
            try await Self.compare(world, registry, standard, seed)
        }
    }

    @Test func aPausedChangeRests() async throws {
        let world = RuleWorld(seed: 31)
        let (standard, others) = (try RuleSetFile.standardRules(), try RuleWorld.others())
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            try await Self.rounds(world, 60, registry)
            try await Self.put(others, registry)
            try await Self.activate(others, registry)
            _ = try await registry.rules(RulesOrder(.pause(true, recordsPerSecond: nil)))
            try await Task.sleep(for: .milliseconds(20))
            let slot = try await registry.rules(RulesOrder(.report)).book.transition?.slot
            try await Task.sleep(for: .milliseconds(60))
            #expect(try await registry.rules(RulesOrder(.report)).book.transition?.slot == slot)
            _ = try await registry.rules(RulesOrder(.pause(false, recordsPerSecond: 0)))
            _ = try await Self.settled(registry)
            try await Self.compare(world, registry, others, 31)
        }
    }

    @Test func whatIsNoRuleFileIsRefusedAndVersionsNeverChange() async throws {
        let world = RuleWorld(seed: 41)
        let (standard, others) = (try RuleSetFile.standardRules(), try RuleWorld.others())
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            await #expect(throws: RegistryError.self) { try await registry.rules(RulesOrder(.put(Array("x: 1".utf8)))) }
            await #expect(throws: RegistryError.self) { try await Self.activate(others, registry) }
            await #expect(throws: RegistryError.self) {
                try await registry.rules(RulesOrder(.rollBack(recordsPerSecond: 0)))
            }
            try await Self.put(others, registry)
            try await Self.put(others, registry)
            let report = try await registry.rules(RulesOrder(.report))
            #expect(report.book.versions.map(\.version) == [others.version])
            #expect(report.book.versions.first?.by == "akello" && report.book.versions.first?.comment == "learnt")
            #expect(try await registry.ruleFile(others.version) == Array(others.yaml().utf8))
            #expect(try await registry.ruleFile(standard.version) == Array(standard.yaml().utf8))
        }
    }
}
