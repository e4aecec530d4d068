import Demographics
import Identifiers
import Identity
import Testing

/// Why two records are, or are not, one person, read off the rows that resolving left behind.
@Suite("Pair standing")
struct PairStandingTests {
    private let policy = IdentityPolicy(matchThreshold: .init(bits: 9), reviewThreshold: .init(bits: 4), sizeBound: 64)

    private func id(_ record: Int) -> RecordID { RecordID(UInt64(record)) }

    private func upsert(
        _ record: Int,
        _ neighbours: [(Int, Double)] = [],
        order: UInt8 = 0
    ) -> IdentityChange {
        var facts = GuardFacts()
        facts.birthOrder = order
        return .upsert(
            record: id(record),
            at: Sequence(UInt64(record)),
            facts: facts,
            neighbours: neighbours.map { .init(id($0.0), .init(bits: $0.1)) }
        )
    }

    private func standing(_ first: Int, _ second: Int, after changes: [IdentityChange]) throws -> PairStanding {
        var registry = RegistryModel(policy: policy)
        try registry.apply(changes)
        let home = try registry.component(try #require(registry.home[id(first)]))
        let other = try registry.component(try #require(registry.home[id(second)]))
        return PairStanding(id(first), in: home, id(second), in: other, policy: policy)
    }

    private func decision(_ kind: StewardDecision.Kind, _ first: Int, _ second: Int) throws -> StewardDecision {
        let pair = try #require(RecordPair(id(first), id(second)))
        return StewardDecision(kind: kind, pair: pair, at: Sequence(900), by: "jane")
    }

    @Test("Joined by their own score, or through others")
    func joined() throws {
        let changes = [upsert(1), upsert(2, [(1, 12)]), upsert(3, [(2, 11)]), upsert(4, [(3, 10)])]
        #expect(try standing(1, 2, after: changes).cause == .edge(.init(bits: 12)))
        let far = try standing(4, 1, after: changes)
        #expect(far.cause == .chain([id(3), id(2)]))
        #expect(far.isSamePerson && far.firstPerson == [1, 2, 3, 4].map(id))
    }

    @Test("Nothing joins strangers")
    func strangers() throws {
        let standing = try standing(1, 2, after: [upsert(1), upsert(2)])
        #expect(standing.cause == .nothing && !standing.isSamePerson && standing.objection == nil)
        #expect(standing.firstPerson == [id(1)] && standing.secondPerson == [id(2)])
    }

    @Test("A guard keeps twins apart, also when their other records are asked about")
    func guarded() throws {
        let changes = [upsert(1, order: 1), upsert(2, [(1, 20)], order: 2), upsert(3, [(2, 15)])]
        let twins = try standing(1, 2, after: changes)
        let pair = try #require(RecordPair(id(1), id(2)))
        #expect(twins.cause == .guarded(.differentBirthOrder, pair))
        #expect(twins.objection == .differentBirthOrder)
        let other = try standing(1, 3, after: changes)
        #expect(other.cause == .guarded(.differentBirthOrder, pair) && other.objection == nil)
    }

    @Test("A steward's decision is named, on the pair and on others of their persons")
    func decided() throws {
        let apart = try decision(.cannotLink, 1, 2)
        let changes = [upsert(1), upsert(2, [(1, 20)]), upsert(3, [(2, 15)]), .decide(apart)]
        #expect(try standing(2, 1, after: changes).cause == .decision(apart))
        #expect(try standing(3, 1, after: changes).cause == .decisionOnOthers(apart))
        let together = try decision(.mustLink, 1, 2)
        #expect(try standing(1, 2, after: [upsert(1), upsert(2), .decide(together)]).cause == .decision(together))
    }
}
