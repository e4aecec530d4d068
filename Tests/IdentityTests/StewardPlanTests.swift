import Demographics
import Identifiers
import Identity
import TestRandom
import Testing

/// What orders of stewards decide, and that taking them back leads to where everything stood.
@Suite struct StewardPlanTests {
    private static let policy = IdentityPolicy(
        matchThreshold: .init(bits: 9),
        reviewThreshold: .init(bits: 4),
        sizeBound: 64,
        linkage: .average(absent: .init(bits: 4))
    )

    private func id(_ number: Int) -> RecordID { RecordID(UInt64(number)) }

    private func upsert(_ record: Int, _ neighbours: [(Int, Double)] = []) -> IdentityChange {
        .upsert(
            record: id(record),
            at: Sequence(UInt64(record)),
            facts: GuardFacts(),
            neighbours: neighbours.map { .init(id($0.0), .init(bits: $0.1)) }
        )
    }

    /// The components of a world: {1, 2, 3} and {4, 5} by their edges, 6 alone.
    private func world() throws -> [Component] {
        var births = Sequence(1)
        let changes = [
            upsert(1), upsert(2, [(1, 20)]), upsert(3, [(1, 20), (2, 20)]), upsert(4), upsert(5, [(4, 20)]), upsert(6),
        ]
        return try IdentityEngine(policy: Self.policy).resolve([], applying: changes, nextBirth: &births).components
            .map(\.component)
    }

    private func plan(_ order: StewardOrder, _ parts: [Component], at: UInt64 = 100) throws -> StewardPlan {
        var births = Sequence(50)
        return try IdentityEngine(policy: Self.policy).plan(
            order,
            by: "akello",
            comment: "seen",
            at: Sequence(at),
            on: parts,
            nextBirth: &births
        )
    }

    /// What is known of records; identifiers that were given out meanwhile stay and redirect, as they must.
    private func standing(_ components: [Component]) -> Set<Component> {
        Set(
            components.map { component in
                var component = component
                component.anchors = []
                return component
            }
        )
    }

    private func persons(_ components: [Component]) -> Set<[RecordID]> {
        Set(components.flatMap { $0.persons.map(\.members) })
    }

    @Test func aMergePutsWholePersonsTogether() throws {
        let parts = try world()
        let plan = try plan(.merge(id(1), id(4)), parts)
        let after = plan.resolution.components.map(\.component)
        #expect(persons(after) == [[1, 2, 3, 4, 5].map(id), [id(6)]])
        #expect(plan.largestMerge == 5)
        #expect(Set(plan.moves.map(\.record)) == [id(4), id(5)])
        let retired = try #require(plan.effects.first { $0.after.isEmpty })
        #expect(retired.before == [id(4), id(5)] && retired.redirectsTo == plan.moves.first?.to)
        #expect(plan.verdicts.allSatisfy { $0.before == nil && $0.after?.by == "akello" })
    }

    @Test func aSplitPartsWhatEdgesHoldTogether() throws {
        let plan = try plan(.split([id(2), id(3)]), try world())
        #expect(persons(plan.resolution.components.map(\.component)).contains([id(2), id(3)]))
        #expect(plan.effects.contains { $0.isNew && $0.after == [id(2), id(3)] })
        #expect(plan.verdicts.filter { $0.after?.kind == .cannotLink }.count == 2)
    }

    @Test func whatWasTakenBackIsAsItWas() throws {
        let parts = try world()
        for order: StewardOrder in [
            .merge(id(1), id(4)), .split([id(3)]), .never(try #require(RecordPair(id(1), id(2)))),
            .link(try #require(RecordPair(id(5), id(6)))),
        ] {
            let done = try plan(order, parts)
            let after = done.resolution.components.map(\.component)
            let back = try plan(.restore(done.verdicts.map(\.inverse)), after, at: 101)
            #expect(standing(back.resolution.components.map(\.component)) == standing(parts), "\(order)")
            // Doing it twice is refused: what it put aside does not stand any more.
            let undone = back.resolution.components.map(\.component)
            #expect(throws: IdentityError.self) {
                try plan(.restore(done.verdicts.map(\.inverse)), undone, at: 102)
            }
        }
    }

    /// A decision that was replaced holds again, with who took it and when.
    @Test func anEarlierDecisionComesBack() throws {
        let pair = try #require(RecordPair(id(1), id(4)))
        let never = try plan(.never(pair), try world())
        let link = try plan(.link(pair), never.resolution.components.map(\.component), at: 101)
        let tied = link.resolution.components.map(\.component)
        #expect(link.verdicts.first?.before == never.verdicts.first?.after)
        let back = try plan(.restore(link.verdicts.map(\.inverse)), tied, at: 102)
        let kept = back.resolution.components.flatMap(\.component.decisions)
        #expect(Set(kept) == [try #require(never.verdicts.first?.after)])
    }

    @Test func aMergeLiftsWhatKeptTheTwoApart() throws {
        let pair = try #require(RecordPair(id(2), id(5)))
        let parts = try plan(.never(pair), try world()).resolution.components.map(\.component)
        let merged = try plan(.merge(id(1), id(4)), parts, at: 101)
        #expect(
            merged.verdicts.contains {
                $0.pair == pair && $0.before?.kind == .cannotLink && $0.after?.kind != .cannotLink
            }
        )
        #expect(merged.resolution.golden(of: id(2)) == merged.resolution.golden(of: id(5)))
        #expect(!merged.resolution.reviews.contains { $0.reason == .decisionConflict })
    }

    @Test func whatMeansNothingIsRefused() throws {
        let parts = try world()
        for order: StewardOrder in [
            .merge(id(1), id(2)), .split([]), .split([id(1), id(4)]), .split([id(1), id(2), id(3)]),
            .merge(id(1), id(9)),
        ] {
            #expect(throws: IdentityError.self) { try plan(order, parts) }
        }
    }

    /// Over random worlds: a merge unites, a split parts, and both come back to the bit.
    @Test(arguments: 0..<40) func randomOrdersAreReversible(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var changes: [IdentityChange] = []
        for record in 1...12 {
            let neighbours = (1..<record).filter { _ in generator.chance(25) }.map {
                ($0, 6.0 + Double(generator.below(18)))
            }
            changes.append(upsert(record, neighbours))
        }
        var births = Sequence(1)
        let parts = try IdentityEngine(policy: Self.policy).resolve([], applying: changes, nextBirth: &births)
            .components
            .map(\.component)
        let people = parts.flatMap(\.persons)
        for _ in 0..<6 {
            let one = people[generator.below(people.count)]
            let other = people[generator.below(people.count)]
            let order: StewardOrder
            if one.golden != other.golden {
                order = .merge(one.members[0], other.members[0])
            } else {
                guard one.members.count > 1 else { continue }
                order = .split([one.members[generator.below(one.members.count)]])
            }
            let done = try plan(order, parts)
            let after = done.resolution
            switch order {
            case .split(let left):
                let stayed = one.members.filter { $0 != left[0] }
                #expect(stayed.allSatisfy { after.golden(of: $0) != after.golden(of: left[0]) })
            default: #expect(Set((one.members + other.members).map { after.golden(of: $0) }).count == 1)
            }
            let back = try plan(.restore(done.verdicts.map(\.inverse)), after.components.map(\.component), at: 101)
            #expect(standing(back.resolution.components.map(\.component)) == standing(parts))
        }
    }
}
