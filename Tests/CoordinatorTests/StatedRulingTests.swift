import Coordinator
import Demographics
import Identifiers
import Identity
import SimulationKit
import Testing

/// What sources state about two of their records: in the book like what stewards rule, and taken back like it.
struct StatedRulingTests {
    private static func pair(
        _ cluster: QuietCluster
    ) async throws -> (amina: SubmissionOutcome.Stored, peter: SubmissionOutcome.Stored, pair: RecordPair) {
        let amina = try await cluster.stored(People.amina("1"), document: "{\"v\":\"a\"}")
        let peter = try await cluster.stored(People.peter("2"), document: "{\"v\":\"p\"}")
        return (amina, peter, try #require(RecordPair(amina.id, peter.id)))
    }

    @Test func aStatementIsEnteredOnceAndAsksNoSecondSteward() async throws {
        var limits = CoordinatorLimits()
        limits.stewards.fourEyesFrom = 2
        try await QuietCluster.run(limits: limits) { cluster in
            let registry = cluster.registry
            let (amina, peter, pair) = try await Self.pair(cluster)
            let request = RulingRequest(.stated(.mustLink, pair), by: "clinic", comment: "A40")
            let ruling = try await registry.rule(request, storing: nil)
            #expect(ruling.number == 1 && ruling.kind == .link && ruling.state == .standing)
            #expect(ruling.by == "clinic" && ruling.comment == "A40")
            #expect(try await registry.record(peter.key)?.golden == amina.golden)
            let again = try await registry.rule(request, storing: nil)
            #expect(again.number == 0 && again.state == .standing)
            #expect(try await registry.rulings(before: nil, limit: 10).map(\.number) == [1])
            let undone = try await registry.rule(RulingRequest(.undo(1), by: "akello"), storing: nil)
            #expect(undone.isRestored)
            #expect(try await registry.record(peter.key)?.golden == peter.golden)
            // What was taken back does not hold any more: said again it is a new entry.
            #expect(try await registry.rule(request, storing: nil).number == 3)
        }
    }

    @Test func aReplacementIsTakenBackWithItsRecord() async throws {
        try await QuietCluster.run { cluster in
            let registry = cluster.registry
            let (amina, peter, pair) = try await Self.pair(cluster)
            let stated = try await registry.rule(RulingRequest(.stated(.mustLink, pair), by: "clinic"), storing: nil)
            var replaced = Submission(record: People.peter("2"), document: Array("{\"v\":\"replaced\"}".utf8))
            replaced.isReplaced = true
            _ = await registry.submit([replaced])
            guard case .refused(.replaced) = await cluster.store(People.peter("2"), document: "{\"v\":\"q\"}") else {
                Issue.record("a replaced record took an update")
                return
            }
            let former = Submission(
                record: People.peter("2"),
                document: Array("{\"v\":\"p\"}".utf8),
                expectedVersion: 2
            )
            var stale = former
            stale.expectedVersion = 1
            let undo = RulingRequest(.undo(stated.number), by: "akello")
            await #expect(throws: RegistryError.self) { try await registry.rule(undo, storing: stale) }
            #expect(try await registry.record(peter.key)?.golden == amina.golden, "what is refused changes nothing")
            let undone = try await registry.rule(undo, storing: former)
            #expect(undone.kind == .undo && undone.isRestored && undone.version == 3)
            let now = try await registry.record(peter.key)
            #expect(now?.golden == peter.golden && now?.document == Array("{\"v\":\"p\"}".utf8))
            #expect(try await registry.ruling(stated.number)?.state == .undone)
            // It lives again.
            #expect(try await cluster.stored(People.peter("2"), document: "{\"v\":\"q\"}").version == 4)
        }
    }

    @Test func aPairIsFreeAgain() async throws {
        try await QuietCluster.run { cluster in
            let registry = cluster.registry
            let amina = try await cluster.stored(People.amina("1"))
            let copy = try await cluster.stored(People.copy(People.amina("1"), "9"))
            let third = try await cluster.stored(People.copy(People.amina("1"), "8"))
            #expect(amina.golden == copy.golden && third.golden == copy.golden)
            let split = RulingOrder.persons(.split([copy.id]))
            _ = try await registry.rule(RulingRequest(split, by: "akello"), storing: nil)
            #expect(try await registry.record(copy.key)?.golden != amina.golden)
            let first = try #require(RecordPair(amina.id, copy.id))
            let second = try #require(RecordPair(third.id, copy.id))
            let freed = try await registry.rule(RulingRequest(.free(first), by: "akello"), storing: nil)
            #expect(freed.kind == .undo && freed.undoes == 0)
            #expect(try await registry.record(copy.key)?.golden != amina.golden, "the other pair is still apart")
            _ = try await registry.rule(RulingRequest(.free(second), by: "akello"), storing: nil)
            #expect(try await registry.record(copy.key)?.golden == amina.golden)
            await #expect(throws: RegistryError.self) {
                try await registry.rule(RulingRequest(.free(second), by: "akello"), storing: nil)
            }
        }
    }
}
