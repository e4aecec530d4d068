import Demographics
import Identifiers
import Matching
import RuleSets
import ShardProtocol
import SimulationKit
import Testing
import Topology
import Training

@testable import Coordinator

/// Counts that were followed equal those of reading every record, after any history.
struct ValueCountsTests {
    /// Standard rules whose blocks may have few records, so that some keys are too many.
    private static func rules() throws -> RuleSet {
        var file = try RuleSetFile(yaml: RuleSetFile.standardText)
        file.blockLimit = 2
        return try file.compiled()
    }

    /// The rules with what is counted by reading all live records.
    private static func recounted(_ rules: RuleSet, _ world: RuleWorld) throws -> RuleSet {
        let blocking = BlockingKeys(rules.blocking)
        let unposted = Set(rules.hotKeys)
        let posting = BlockingKeys(rules.blocking, without: rules.hotKeys)
        var (names, keys) = (NameCounts(), [UInt64]())
        for record in world.records {
            let normalised = NormalisedRecord(record)
            for name in FeatureRow.names(FeatureRow.encode(normalised)[...]) {
                names.add(given: name.given, family: name.family)
            }
            keys += posting.keys(of: normalised).map(\.hash)
            keys += blocking.keys(of: normalised).map(\.hash).filter(unposted.contains)
        }
        return try rules.with(
            frequencies: names.frequencies(against: "stranger"),
            hotKeys: HotKey.beyond(rules.blockLimit, in: keys)
        )
    }

    private static func refreshed(
        _ version: RuleSetVersion,
        _ registry: Registry
    ) async throws -> (rules: RuleSet, view: CountingView) {
        _ = try await registry.rules(RulesOrder(.refresh(version, against: nil), by: "akello"))
        while true {
            let counts = try await registry.rules(RulesOrder(.report)).counts
            guard let counts, let refresh = counts.refresh else { throw RuleWorld.Unexpected("no order") }
            guard refresh.phase != .running else {
                try await Task.sleep(for: .milliseconds(2))
                continue
            }
            #expect(refresh.fault.isEmpty)
            let file = try await registry.ruleFile(try #require(refresh.made))
            return (try RuleSetFile(yaml: String(decoding: try #require(file), as: UTF8.self)).compiled(), counts)
        }
    }

    private static func expectRecount(
        _ rules: RuleSet,
        _ world: RuleWorld,
        _ registry: Registry,
        _ seed: UInt64
    ) async throws -> (rules: RuleSet, view: CountingView) {
        let made = try await refreshed(rules.version, registry)
        let expected = try recounted(rules, world)
        #expect(made.rules.frequencies == expected.frequencies, "seed \(seed)")
        #expect(made.rules.hotKeys == expected.hotKeys, "seed \(seed)")
        #expect(made.rules.version == expected.version, "seed \(seed)")
        #expect(made.view.records == UInt64(world.records.count), "seed \(seed)")
        return made
    }

    private static func activate(_ rules: RuleSet, _ world: RuleWorld, _ registry: Registry) async throws {
        _ = try await registry.rules(RulesOrder(.activate(rules.version, recordsPerSecond: 0), by: "akello"))
        while try await registry.rules(RulesOrder(.report)).book.transition != nil { try await world.write(registry) }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func followedCountsAreThoseOfARecount(seed: UInt64) async throws {
        let world = RuleWorld(seed: seed)
        let first = try Self.rules()
        var rules = first
        // Each leader is gone at some moment; the next one goes on with what was stored.
        for reign in 0..<5 {
            let now = rules
            rules = try await RuleWorld.whileLeading(world.registry(first)) { registry in
                for _ in 0..<(reign == 0 ? 150 : 40) { try await world.write(registry) }
                // Sometimes nobody asks, and what changed is followed by the next one.
                guard !(reign + Int(seed)).isMultiple(of: 3) || reign == 0 else { return now }
                let made = try await Self.expectRecount(now, world, registry, seed)
                if reign == 0 { #expect(!made.rules.hotKeys.isEmpty && made.rules.frequencies != nil) }
                guard reign.isMultiple(of: 2), made.rules.version != now.version else { return now }
                try await Self.activate(made.rules, world, registry)
                return made.rules
            }
        }
        let last = rules
        try await RuleWorld.whileLeading(world.registry(first)) { registry in
            _ = try await Self.expectRecount(last, world, registry, seed)
            // Keys of rules that do not decide are made of every record.
            guard last.version != first.version else { return }
            _ = try await Self.expectRecount(first, world, registry, seed)
        }
    }

    @Test func whatDidNotChangeIsNotReadAgain() async throws {
        let world = RuleWorld(seed: 7)
        let rules = try RuleSetFile.standardRules()
        let read = try await RuleWorld.whileLeading(world.registry(rules)) { registry in
            for _ in 0..<200 { try await world.write(registry) }
            return try await Self.expectRecount(rules, world, registry, 7).view.refresh?.read
        }
        #expect(read == UInt64(world.records.count))
        try await RuleWorld.whileLeading(world.registry(rules)) { registry in
            for _ in 0..<10 { try await world.write(registry) }
            let again = try await Self.expectRecount(rules, world, registry, 7)
            #expect(try #require(again.view.refresh).read <= 10)
        }
    }

    @Test func countsGoOnWhileSlotsMove() async throws {
        let world = RuleWorld(seed: 9)
        let rules = try Self.rules()
        let control = SimulatedControl()
        try await RuleWorld.whileLeading(world.registry(rules, control)) { registry in
            for _ in 0..<150 { try await world.write(registry) }
            _ = try await Self.expectRecount(rules, world, registry, 9)
            _ = try await registry.change(.drain("shard-3"), bytesPerSecond: 0)
            while try await registry.moves().contains(where: { $0.move.phase != .dropped }) {
                try await world.write(registry)
                _ = try await Self.refreshed(rules.version, registry)
            }
            _ = try await Self.expectRecount(rules, world, registry, 9)
        }
    }

    @Test func countsThatAreNotThoseOfTheRegistryAreCountedAnew() async throws {
        let world = RuleWorld(seed: 11)
        let rules = try RuleSetFile.standardRules()
        try await RuleWorld.whileLeading(world.registry(rules)) { registry in
            for _ in 0..<100 { try await world.write(registry) }
            _ = try await Self.expectRecount(rules, world, registry, 11)
            let head = try #require(
                world.shards.flatMap { $0.rows(of: .meta) }.compactMap { CountShelf.head($0.value) }.first
            )
            try await registry.note("\(CountShelf.headName)/\(head.side)/0", [1, 2, 3])
        }
        try await RuleWorld.whileLeading(world.registry(rules)) { registry in
            let again = try await Self.expectRecount(rules, world, registry, 11)
            #expect(again.view.refresh?.read == UInt64(world.records.count))
        }
    }

    @Test func anOrderThatCannotBeCarriedOutSaysWhy() async throws {
        let world = RuleWorld(seed: 13)
        let rules = try RuleSetFile.standardRules()
        try await RuleWorld.whileLeading(world.registry(rules)) { registry in
            await #expect(throws: RegistryError.self) {
                _ = try await registry.rules(RulesOrder(.refresh(rules.version, against: "nobody")))
            }
            await #expect(throws: RegistryError.self) {
                _ = try await registry.rules(RulesOrder(.refresh(RuleSetVersion(digest: 7), against: nil)))
            }
        }
    }

    @Test func storedCountsAreReadBack() throws {
        var counts = ValueCounts(through: Sequence(77), watchedBy: 5)
        counts.records = 3
        counts.watched = [9: 2, 1: 300]
        counts.names = NameCounts(
            given: [Word("amina".utf8): 2],
            family: [Word("okello".utf8): 1, Word("ann".utf8): 4]
        )
        let bytes = counts.encoded()
        #expect(try ValueCounts(decoding: bytes) == counts)
        for end in 0..<bytes.count {
            #expect(throws: RowError.self) { try ValueCounts(decoding: Array(bytes[..<end])) }
        }
        #expect(throws: RowError.unknownFormat(.meta, 2)) { try ValueCounts(decoding: [2] + bytes.dropFirst()) }
    }
}
