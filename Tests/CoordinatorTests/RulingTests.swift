import Coordinator
import Demographics
import Identifiers
import Identity
import Matching
import RuleSets
import SimulationKit
import Testing
import Topology

/// Rulings through the whole write path: the book, undoing, second stewards, held updates.
struct RulingTests {
    private static func people(
        _ cluster: QuietCluster
    ) async throws -> (SubmissionOutcome.Stored, SubmissionOutcome.Stored) {
        (try await cluster.stored(People.amina("1")), try await cluster.stored(People.peter("2")))
    }

    @Test func aMergeIsEnteredAndTakenBack() async throws {
        try await QuietCluster.run { cluster in
            let registry = cluster.registry
            let (amina, peter) = try await Self.people(cluster)
            let order = RulingOrder.persons(.merge(amina.id, peter.id))
            let plan = try #require(try await registry.preview(order, by: "akello"))
            #expect(try await registry.record(peter.key)?.golden == peter.golden, "a preview writes nothing")
            #expect(try await registry.rulings(before: nil, limit: 10).isEmpty)
            let request = RulingRequest(order, by: "akello", comment: "passport", expected: plan.digest)
            let merged = try await registry.rule(request, storing: nil)
            #expect(merged.number == 1 && merged.state == .standing && merged.kind == .merge)
            #expect(merged.moves == [StewardMove(record: peter.id, from: peter.golden, to: amina.golden)])
            #expect(try await registry.person(peter.golden)?.golden == amina.golden)
            let undone = try await registry.rule(RulingRequest(.undo(1), by: "mugisha"), storing: nil)
            #expect(undone.isRestored && undone.undoes == 1)
            #expect(try await registry.record(peter.key)?.golden == peter.golden)
            let book = try await registry.rulings(before: nil, limit: 10)
            #expect(book.map(\.number) == [2, 1] && book.map(\.state) == [.standing, .undone])
            #expect(book.last?.undoneBy == 2 && book.last?.comment == "passport")
            await #expect(throws: RegistryError.self) {
                try await registry.rule(RulingRequest(.undo(1), by: "mugisha"), storing: nil)
            }
            // The undo can be taken back as well.
            let again = try await registry.rule(RulingRequest(.undo(2), by: "akello"), storing: nil)
            #expect(again.isRestored)
            #expect(try await registry.record(peter.key)?.golden == amina.golden)
        }
    }

    @Test func anEffectThatChangedIsRefused() async throws {
        try await QuietCluster.run { cluster in
            let registry = cluster.registry
            let (amina, peter) = try await Self.people(cluster)
            let order = RulingOrder.persons(.merge(amina.id, peter.id))
            let plan = try #require(try await registry.preview(order, by: "akello"))
            _ = try await cluster.stored(People.peter("3", source: "lab"))
            let request = RulingRequest(order, by: "akello", expected: plan.digest)
            await #expect(throws: RegistryError.self) { try await registry.rule(request, storing: nil) }
            #expect(try await registry.record(peter.key)?.golden == peter.golden)
        }
    }

    @Test func aLargeMergeWaitsForASecondSteward() async throws {
        var limits = CoordinatorLimits()
        limits.stewards.fourEyesFrom = 2
        try await QuietCluster.run(limits: limits) { cluster in
            let registry = cluster.registry
            let (amina, peter) = try await Self.people(cluster)
            let order = RulingOrder.persons(.merge(amina.id, peter.id))
            let proposed = try await registry.rule(RulingRequest(order, by: "akello"), storing: nil)
            #expect(proposed.state == .proposed && proposed.sequence == .zero)
            #expect(try await registry.record(peter.key)?.golden == peter.golden)
            await #expect(throws: RegistryError.self) {
                try await registry.rule(RulingRequest(.approve(proposed.number), by: "akello"), storing: nil)
            }
            let done = try await registry.rule(RulingRequest(.approve(proposed.number), by: "mugisha"), storing: nil)
            #expect(done.state == .standing && done.by == "akello" && done.second == "mugisha")
            #expect(try await registry.record(peter.key)?.golden == amina.golden)
            let undone = try await registry.rule(RulingRequest(.undo(done.number), by: "akello"), storing: nil)
            #expect(undone.isRestored)
            let other = try await registry.rule(RulingRequest(order, by: "akello"), storing: nil)
            let declined = try await registry.rule(RulingRequest(.decline(other.number), by: "mugisha"), storing: nil)
            #expect(declined.state == .declined)
            #expect(try await registry.record(peter.key)?.golden == peter.golden)
        }
    }

    @Test func anOverlayIsHeldReleasedAndTakenBack() async throws {
        var limits = CoordinatorLimits()
        limits.stewards.overlay = OverlayGuard()
        try await QuietCluster.run(limits: limits) { cluster in
            let registry = cluster.registry
            let amina = try await cluster.stored(People.amina("1"), document: "{\"v\":1}")
            // A new phone is no reason to hold anything.
            let moved = try await cluster.stored(People.amina("1", phone: "0700000001"), document: "{\"v\":2}")
            #expect(moved.version == 2)
            let overlay = await cluster.store(People.peter("1"), document: "{\"v\":3}")
            #expect(overlay == .held(.init(key: amina.key, id: amina.id, golden: amina.golden, version: 2)))
            #expect(try await registry.record(amina.key)?.document == Array("{\"v\":2}".utf8))
            let held = try #require(try await registry.held(limit: 10).first)
            #expect(held.record == amina.id && held.version == 2 && held.reason == .unlikeItself)
            #expect(held.document == Array("{\"v\":3}".utf8))
            #expect(try await registry.reviews(limit: 10).isEmpty)
            let rejected = try await registry.rule(RulingRequest(.reject(amina.id), by: "akello"), storing: nil)
            #expect(rejected.kind == .reject)
            #expect(try await registry.held(limit: 10).isEmpty)
            let back = try await registry.rule(RulingRequest(.undo(rejected.number), by: "akello"), storing: nil)
            #expect(back.isRestored)
            #expect(try await registry.held(limit: 10).count == 1)
            let released = try await registry.rule(RulingRequest(.release(amina.id), by: "akello"), storing: nil)
            #expect(released.kind == .release && released.version == 3)
            #expect(try await registry.record(amina.key)?.document == Array("{\"v\":3}".utf8))
            #expect(try await registry.held(limit: 10).isEmpty)
            let former = Submission(
                record: People.amina("1", phone: "0700000001"),
                document: Array("{\"v\":2}".utf8),
                expectedVersion: 3
            )
            let undone = try await registry.rule(RulingRequest(.undo(released.number), by: "akello"), storing: former)
            #expect(undone.kind == .undo && undone.undoes == released.number)
            let now = try await registry.record(amina.key)
            #expect(now?.document == Array("{\"v\":2}".utf8) && now?.version == 4)
        }
    }

    @Test func anUpdateThatMatchesSomebodyElseIsHeld() async throws {
        var limits = CoordinatorLimits()
        limits.stewards.overlay = OverlayGuard()
        try await QuietCluster.run(limits: limits) { cluster in
            let registry = cluster.registry
            let peter = try await cluster.stored(People.peter("1"))
            let amina = try await cluster.stored(People.amina("2"))
            guard case .held = await cluster.store(People.peter("2"), document: "{\"v\":2}") else {
                Issue.record("it was not held")
                return
            }
            let held = try #require(try await registry.held(limit: 10).first)
            #expect(held.reason == .likeAnother && held.other == peter.id && held.record == amina.id)
            // What its source says next, and is like itself, passes; the question is over then.
            let next = try await cluster.stored(People.amina("2", phone: "0700000002"), document: "{\"v\":3}")
            #expect(next.version == 2)
            await #expect(throws: RegistryError.self) {
                try await registry.rule(RulingRequest(.release(amina.id), by: "akello"), storing: nil)
            }
        }
    }
}
