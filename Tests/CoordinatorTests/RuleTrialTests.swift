import Demographics
import Identifiers
import Matching
import RuleSets
import SimulationKit
import Testing

@testable import Coordinator

/// A candidate is tried on live writes and on stored records; nothing is decided by it.
struct RuleTrialTests {
    /// The standard rules, by which nothing matches any more, or more does.
    private static func shifted(_ bits: Double) throws -> RuleSet {
        var file = try RuleSetFile(yaml: RuleSetFile.standardText)
        file.name = "shifted"
        file.matchThreshold += bits
        if bits < 0 { file.reviewThreshold = file.matchThreshold }
        return try file.compiled()
    }

    private static func put(_ rules: RuleSet, _ registry: Registry) async throws {
        _ = try await registry.rules(RulesOrder(.put(Array(rules.yaml().utf8))))
    }

    private static func replayed(
        _ rules: RuleSet,
        _ registry: Registry,
        perMille: UInt64 = 1_000
    ) async throws -> TrialView {
        _ = try await registry.rules(RulesOrder(.replay(rules.version, perMille: perMille, recordsPerSecond: 0)))
        while true {
            let report = try await registry.rules(RulesOrder(.report))
            if let view = report.replay, view.phase != .running { return view }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test func aReplayCountsWhoWouldJoinAndPart() async throws {
        let world = RuleWorld(seed: 51)
        try await RuleWorld.whileLeading(world.registry(try RuleSetFile.standardRules())) { registry in
            for _ in 0..<120 { try await world.store(registry) }
            let people = try await RuleWorld.partition(registry)
            let together = people.filter { $0.count > 1 }.reduce(0) { $0 + $1.count }
            let strict = try Self.shifted(60)
            try await Self.put(strict, registry)
            let view = try await Self.replayed(strict, registry)
            #expect(view.phase == .complete && view.tried == UInt64(people.reduce(0) { $0 + $1.count }))
            #expect(view.parting == UInt64(together) && view.joining == 0 && together > 0)
            #expect(view.samples.count == min(together, TrialView.sampleLimit))
            #expect(
                view.samples.allSatisfy { sample in
                    !sample.joins && people.contains { $0.isSuperset(of: [sample.record, sample.other]) }
                }
            )
            // One that asks for less joins some, and parts nobody.
            let loose = try Self.shifted(-8)
            try await Self.put(loose, registry)
            let other = try await Self.replayed(loose, registry)
            #expect(other.parting == 0 && other.joining > 0 && other.unposted == 0)
            #expect(
                other.samples.allSatisfy { sample in
                    sample.joins && !people.contains { $0.isSuperset(of: [sample.record, sample.other]) }
                }
            )
            let some = try await Self.replayed(loose, registry, perMille: 300)
            #expect(some.tried > 0 && some.tried < other.tried)
            #expect(try await RuleWorld.partition(registry) == people, "nothing is decided by a candidate")
        }
    }

    @Test func keysThatAreNotPostedYetPartNobody() async throws {
        let world = RuleWorld(seed: 53)
        var file = try RuleSetFile(yaml: RuleSetFile.standardText)
        // What the standard rules find by all parts of a key these find by each alone, so that no pair is lost.
        let parts = Set(file.blocking.flatMap(\.parts)).sorted { $0.rawValue < $1.rawValue }
        file.blocking = parts.map { BlockingRule([$0]) }
        let wider = try file.compiled()
        file.blocking = [BlockingRule([.email, .postalCode])]
        let narrow = try file.compiled()
        try await RuleWorld.whileLeading(world.registry(try RuleSetFile.standardRules())) { registry in
            for _ in 0..<120 { try await world.store(registry) }
            try await Self.put(wider, registry)
            let view = try await Self.replayed(wider, registry)
            #expect(view.unposted > 0 && view.tried > 0)
            #expect(view.parting == 0 && view.joining == 0)
            // One that has no key for most of them parts those.
            try await Self.put(narrow, registry)
            #expect(try await Self.replayed(narrow, registry).parting > 0)
        }
    }

    @Test func aShadowSeesLiveWritesAndGoesOnUnderTheNextLeader() async throws {
        let world = RuleWorld(seed: 52)
        let (standard, strict) = (try RuleSetFile.standardRules(), try Self.shifted(60))
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            try await Self.put(strict, registry)
            _ = try await registry.rules(RulesOrder(.shadow(strict.version)))
        }
        try await RuleWorld.whileLeading(world.registry(standard)) { registry in
            while try await registry.rules(RulesOrder(.report)).shadow == nil {
                try await Task.sleep(for: .milliseconds(2))
            }
            for _ in 0..<60 { try await world.store(registry) }
            while true {
                guard let view = try await registry.rules(RulesOrder(.report)).shadow else { continue }
                #expect(view.tried <= 60 && view.joining == 0)
                if view.tried + view.dropped >= 50, view.parting > 0 { break }
                try await Task.sleep(for: .milliseconds(2))
            }
            let report = try await registry.rules(RulesOrder(.shadow(nil)))
            #expect(report.shadow == nil && report.book.shadow == nil)
        }
    }

    @Test func aTrialTravelsWhole() throws {
        var view = TrialView(version: RuleSetVersion(digest: 7), began: 8)
        view.slotsDone = 9
        view.questions = [1, 2]
        view.postings = [3, 4]
        view.scored = [5, 6]
        view.tried = 10
        view.parting = 11
        let key = RecordKey(source: "clinic", value: "1")
        view.note(.init(joins: true, record: key, other: key, active: nil, candidate: MatchWeight(bits: 2)))
        view.note(.init(joins: false, record: key, other: key, active: MatchWeight(bits: -1), candidate: nil))
        var report = RulesReport(
            book: RuleBook(),
            configured: RuleSetVersion(digest: 1),
            deciding: RuleSetVersion(digest: 2)
        )
        report.shadow = view
        report.replay = view
        report.book.shadow = RuleSetVersion(digest: 7)
        report.book.versions = [
            .init(version: RuleSetVersion(digest: 7), name: "n", at: 1, by: "b", comment: "c", bytes: 3)
        ]
        report.book.turns = [.init(version: RuleSetVersion(digest: 7), kind: .rolledBack, at: 1, by: "b", comment: "c")]
        report.book.transition = .init(
            number: 3,
            from: RuleSetVersion(digest: 7),
            to: RuleSetVersion(digest: 9),
            phase: .resolving,
            slot: 12,
            isPaused: true,
            recordsPerSecond: 4,
            at: 5,
            by: "b"
        )
        report.book.generation = 63
        guard case .rules(let found) = try PeerAnswer(decoding: PeerAnswer.rules(report).encoded()) else {
            Issue.record("another answer")
            return
        }
        #expect(found == report)
        #expect(try RuleBook(decoding: report.book.encoded()) == report.book)
        for order in [
            RulesOrder(.put([1, 2]), by: "a", comment: "b"), RulesOrder(.rollBack(recordsPerSecond: 3)),
            RulesOrder(.activate(RuleSetVersion(digest: 7), recordsPerSecond: 1)),
            RulesOrder(.pause(true, recordsPerSecond: nil)), RulesOrder(.pause(false, recordsPerSecond: 0)),
            RulesOrder(.shadow(nil)), RulesOrder(.shadow(RuleSetVersion(digest: 7))), RulesOrder(.report),
            RulesOrder(.replay(RuleSetVersion(digest: 7), perMille: 5, recordsPerSecond: 6)),
        ] {
            guard case .rules(let travelled) = try PeerRequest(decoding: PeerRequest.rules(order).encoded()) else {
                Issue.record("another request")
                return
            }
            #expect(travelled == order)
        }
    }
}
