import Demographics
import Identifiers
import Identity
import Matching

/// Who is who after one more record.
enum IdentityKernels {
    static let all = [newcomer, join]

    private static let newcomer = Kernel(name: "identity-new", item: "a record like no other", items: 20_000) {
        let engine = try defaultEngine()
        let keyed = Inputs.keyed(1_000, try Inputs.rules())
        return {
            var births = Sequence(1)
            var sum: UInt64 = 0
            for turn in 0..<20_000 {
                let record = keyed[turn % keyed.count]
                let change = IdentityChange.upsert(
                    record: record.id,
                    at: Sequence(UInt64(turn) + 1),
                    facts: record.facts,
                    neighbours: []
                )
                sum &+= UInt64(try engine.resolve([], applying: [change], nextBirth: &births).minted.count)
            }
            return sum
        }
    }

    private static let join = Kernel(name: "identity-join", item: "a record that joins three persons", items: 2_000) {
        let engine = try defaultEngine()
        let weight = MatchWeight(bits: 40)
        var births = Sequence(1)
        // One fact of all four: no guard has a word to say, and the work is the joining.
        let facts = GuardFacts()
        let stored = try (1...3).map { number in
            let change = IdentityChange.upsert(
                record: RecordID(UInt64(number)),
                at: Sequence(UInt64(number)),
                facts: facts,
                neighbours: []
            )
            return try engine.resolve([], applying: [change], nextBirth: &births).components[0].component
        }
        let neighbours = stored.flatMap(\.members).map { IdentityChange.Neighbour($0.record, weight) }
        let change = IdentityChange.upsert(record: RecordID(4), at: Sequence(4), facts: facts, neighbours: neighbours)
        let next = births
        return {
            var sum: UInt64 = 0
            for _ in 0..<2_000 {
                var births = next
                let resolution = try engine.resolve(stored, applying: [change], nextBirth: &births)
                sum &+= UInt64(resolution.components[0].persons.count)
            }
            return sum
        }
    }

    private static func defaultEngine() throws -> IdentityEngine {
        let rules = try Inputs.rules()
        return IdentityEngine(
            policy: IdentityPolicy(matchThreshold: rules.matchThreshold, reviewThreshold: rules.reviewThreshold)
        )
    }
}
