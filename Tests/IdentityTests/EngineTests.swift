import Demographics
import Identifiers
import Identity
import Testing

@Suite struct EngineTests {
    let policy = IdentityPolicy(matchThreshold: .init(bits: 9), reviewThreshold: .init(bits: 4), sizeBound: 64)

    private func upsert(_ record: Int, _ neighbours: [(Int, Double)] = []) -> IdentityChange {
        .upsert(
            record: RecordID(UInt64(record)),
            at: Sequence(UInt64(record)),
            facts: GuardFacts(),
            neighbours: neighbours.map { .init(RecordID(UInt64($0.0)), .init(bits: $0.1)) }
        )
    }

    private func pair(_ first: Int, _ second: Int) throws -> RecordPair {
        try #require(RecordPair(RecordID(UInt64(first)), RecordID(UInt64(second))))
    }

    @Test func aNewRecordIsANewPerson() throws {
        var births = Sequence(41)
        let resolution = try IdentityEngine(policy: policy).resolve([], applying: [upsert(7)], nextBirth: &births)
        let golden = GoldenID(birth: Sequence(41))
        #expect(births == Sequence(42))
        #expect(resolution.minted == [golden])
        #expect(resolution.components.map(\.id) == [RecordID(7)])
        #expect(resolution.components[0].persons == [Person(golden: golden, members: [RecordID(7)])])
        #expect(resolution.events == [.recordLinked(record: RecordID(7), from: nil, to: golden)])
        #expect(resolution.golden(of: RecordID(7)) == golden)
    }

    @Test func theShortWayOfANewcomerIsTheLongWay() throws {
        var facts = GuardFacts()
        facts.identifiers = [.init(authority: 1, value: 2)]
        func resolve(_ neighbours: [IdentityChange.Neighbour]) throws -> Resolution {
            var births = Sequence(9)
            let change = IdentityChange.upsert(
                record: RecordID(5),
                at: Sequence(77),
                facts: facts,
                neighbours: neighbours
            )
            let resolution = try IdentityEngine(policy: policy).resolve([], applying: [change], nextBirth: &births)
            #expect(births == Sequence(10))
            return resolution
        }
        // A neighbour below the review threshold says nothing, but takes the long way.
        #expect(try resolve([]) == resolve([.init(RecordID(6), .zero)]))
    }

    @Test func applyingTheSameWriteTwiceChangesNothing() throws {
        var registry = RegistryModel(policy: policy)
        try registry.apply([upsert(1), upsert(2, [(1, 12)])])
        let rows = registry.rows
        try registry.apply([upsert(2, [(1, 12)])])
        #expect(registry.rows == rows)
        #expect(registry.lastResolution.events.isEmpty)
        #expect(registry.lastResolution.minted.isEmpty)
    }

    @Test func whatIsMissingIsNamedAndNothingIsMinted() throws {
        let engine = IdentityEngine(policy: policy)
        var births = Sequence(1)
        #expect(throws: IdentityError.missingRecords([RecordID(2), RecordID(9)])) {
            try engine.resolve([], applying: [upsert(1, [(9, 10), (2, 12), (5, 5)])], nextBirth: &births)
        }
        #expect(throws: IdentityError.missingRecords([RecordID(1)])) {
            try engine.resolve([], applying: [.remove(record: RecordID(1))], nextBirth: &births)
        }
        let decision = StewardDecision(kind: .cannotLink, pair: try pair(1, 2), at: Sequence(3))
        #expect(throws: IdentityError.missingRecords([RecordID(2)])) {
            try engine.resolve([], applying: [upsert(1), .decide(decision)], nextBirth: &births)
        }
        #expect(births == Sequence(1))
        let part = try engine.resolve([], applying: [upsert(1)], nextBirth: &births).components[0].component
        #expect(throws: IdentityError.duplicateRecord(RecordID(1))) {
            try engine.resolve([part, part], applying: [], nextBirth: &births)
        }
    }

    @Test func anOlderDecisionDoesNotReplaceANewerOne() throws {
        var registry = RegistryModel(policy: policy)
        try registry.apply([upsert(1), upsert(2)])
        try registry.apply([.decide(StewardDecision(kind: .mustLink, pair: pair(1, 2), at: Sequence(9)))])
        try registry.apply([.decide(StewardDecision(kind: .cannotLink, pair: pair(1, 2), at: Sequence(8)))])
        #expect(try registry.partition == [[RecordID(1), RecordID(2)]])
    }

    @Test func textsOfDecisionsAreCutAtACharacter() throws {
        let decision = StewardDecision(
            kind: .mustLink,
            pair: try pair(1, 2),
            at: Sequence(1),
            by: String(repeating: "é", count: 500),
            comment: String(repeating: "👩‍👩‍👧", count: 500)
        )
        #expect(decision.by.utf8.count == StewardDecision.byLimit)
        #expect(decision.comment.utf8.count <= StewardDecision.commentLimit)
        #expect(decision.comment.allSatisfy { $0 == "👩‍👩‍👧" })
    }

    @Test func removingAPersonsLastRecordLeavesNothing() throws {
        var registry = RegistryModel(policy: policy)
        try registry.apply([upsert(1)])
        try registry.apply([.remove(record: RecordID(1))])
        let golden = GoldenID(birth: Sequence(1))
        #expect(registry.rows.isEmpty)
        #expect(registry.home.isEmpty)
        #expect(registry.lastResolution.extinct == [golden])
        #expect(registry.lastResolution.dissolved == [RecordID(1)])
        #expect(registry.lastResolution.forgotten == [RecordID(1)])
        #expect(
            registry.lastResolution.events == [
                .recordRemoved(record: RecordID(1), from: golden), .goldenRetired(golden),
            ]
        )
    }

    /// A clique of clones, as a hot block makes it: everybody scores with everybody.
    @Test func aComponentPastItsBoundFollowsHeavyEdgesOnly() throws {
        var registry = RegistryModel(policy: policy)
        for record in 1...64 { try registry.apply([upsert(record, (1..<record).map { ($0, 10) })]) }
        #expect(try registry.partition.count == 1)
        try registry.apply([upsert(65, (1..<65).map { ($0, $0 == 3 ? 19 : 10) })])
        #expect(try registry.partition.count == 64)
        #expect(try registry.partition.contains([RecordID(3), RecordID(65)]))
        #expect(registry.lastResolution.components[0].isTooLarge)
        #expect(registry.lastResolution.reviews.map(\.reason) == [.componentTooLarge])
        try registry.apply([.remove(record: RecordID(65))])
        #expect(try registry.partition.count == 1)
        #expect(registry.lastResolution.settled.map(\.reason) == [.componentTooLarge])
        #expect(try registry.persons[0].retired.count == 63)
    }

    /// A chain longer than a row may be: the lightest link goes, nothing stops.
    @Test func aComponentPastItsLimitIsCutAtItsLightestEdge() throws {
        var registry = RegistryModel(policy: policy)
        let count = IdentityLimits.members + 100
        var chain = [upsert(1)]
        for record in 2...count { chain.append(upsert(record, [(record - 1, record == 2_000 ? 9.5 : 30)])) }
        try registry.apply(chain)
        let components = registry.lastResolution.components
        #expect(components.map { $0.component.members.count } == [1_999, count - 1_999])
        #expect(components.allSatisfy { $0.isTooLarge })
        #expect(try registry.partition.map(\.count) == [1_999, count - 1_999])
        #expect(registry.lastResolution.reviews.map(\.reason) == [.componentTooLarge, .componentTooLarge])
    }

    /// Clones of one record: each holds on to its heaviest edges, they stay one person, and a steward is asked.
    @Test func edgesPastTheLimitAreDroppedLightestFirst() throws {
        for linkage in [IdentityPolicy.Linkage.single, .average(absent: .init(bits: 6))] {
            var crowd = IdentityPolicy(matchThreshold: .init(bits: 9), reviewThreshold: .init(bits: 4))
            crowd.linkage = linkage
            var registry = RegistryModel(policy: crowd)
            let count = 300
            var changes: [IdentityChange] = []
            for record in 1...count { changes.append(upsert(record, (1..<record).map { ($0, $0 % 2 == 0 ? 10 : 30) })) }
            try registry.apply(changes)
            let component = registry.lastResolution.components[0].component
            #expect(component.members.count == count)
            #expect(component.edges.count < count * (IdentityLimits.neighbours + 1))
            #expect(component.edges.count > (count - IdentityLimits.neighbours) * IdentityLimits.neighbours / 2)
            #expect(try registry.partition.count == 1)
            #expect(registry.lastResolution.reviews.map(\.reason) == [.componentTooLarge])
        }
    }

    /// Each record's heaviest edges lead to its own fifth of the crowd: the lighter ones between the fifths are kept.
    @Test func aCrowdOfIslandsHoldsTogether() throws {
        var registry = RegistryModel(policy: IdentityPolicy(matchThreshold: .init(bits: 9), reviewThreshold: .zero))
        let records = 1...(5 * (IdentityLimits.neighbours + 2))
        try registry.apply(
            records.map { record in upsert(record, (1..<record).map { ($0, ($0 - record) % 5 == 0 ? 30 : 10) }) }
        )
        #expect(try registry.partition.count == 1)
    }

    @Test func aBatchOfManyPersonsIsOneStep() throws {
        var births = Sequence(1)
        var changes: [IdentityChange] = []
        for record in 1...20_000 { changes.append(upsert(record, record % 4 == 0 ? [(record - 1, 12)] : [])) }
        let resolution = try IdentityEngine(policy: policy).resolve([], applying: changes, nextBirth: &births)
        #expect(resolution.components.count == 15_000)
        #expect(births == Sequence(15_001))
        #expect(resolution.events.count == 20_000)
    }
}
