import TestRandom
import Bytes
import Demographics
import Identifiers
import Identity

/// A small invented population whose pair weights are a function of both records' versions, as real scores are.
struct RandomWorld {
    enum Move {
        case upsert(RecordID, version: Int)
        case remove(RecordID)
        case decide(StewardDecision)
        case undo(RecordPair)
    }

    let policy: IdentityPolicy
    let records: [RecordID]
    private(set) var versions: [RecordID: Int] = [:]
    private(set) var decisions: [RecordPair: StewardDecision] = [:]
    private let seed: UInt64
    private let density: Int
    private var clock: UInt64 = 0

    init(seed: UInt64, policy: IdentityPolicy, count: Int, density: Int) {
        self.seed = seed
        self.policy = policy
        self.density = density
        records = (0..<count).map { RecordID(KeyHash.mix(UInt64($0) &+ seed &* 1_000_003 &+ 1)) }
    }

    func facts(_ record: RecordID, version: Int) -> GuardFacts {
        var generator = SeededGenerator(seed: record.rawValue ^ UInt64(version) ^ seed)
        var facts = GuardFacts()
        facts.givenName = UInt64(generator.below(4))
        facts.sex = UInt8(generator.below(4))
        facts.birthOrder = generator.chance(15) ? UInt8(1 + generator.below(2)) : 0
        facts.birthDate = [0, 1_980_0101, 1_985_0317, 1_985_1703, 1_990_0611, 1_986_0422][generator.below(6)]
        for authority in 1...2 where generator.chance(40) {
            facts.identifiers.append(.init(authority: UInt64(authority), value: UInt64(generator.below(3))))
            if generator.chance(20) { facts.identifiers.append(.init(authority: UInt64(authority), value: 7)) }
        }
        return facts
    }

    /// The weight of a pair at its current versions; `nil` where it is below the review threshold.
    func weight(_ pair: RecordPair) -> MatchWeight? {
        guard let first = versions[pair.a], let second = versions[pair.b] else { return nil }
        let mixed = KeyHash.combine(
            KeyHash.combine(pair.a.rawValue, UInt64(first)),
            KeyHash.combine(pair.b.rawValue, UInt64(second))
        )
        guard Int(mixed % 100) < density else { return nil }
        // Few distinct weights, so that ties occur.
        return MatchWeight(millibits: policy.reviewThreshold.millibits + Int32((mixed >> 32) % 18) * 1_000)
    }

    var edges: [Component.Edge] {
        var edges: [Component.Edge] = []
        for (index, one) in records.enumerated() {
            for other in records[(index + 1)...] {
                if let pair = RecordPair(one, other), let weight = weight(pair) {
                    edges.append(.init(pair: pair, weight: weight))
                }
            }
        }
        return edges
    }

    var naive: NaivePartition {
        var facts: [RecordID: GuardFacts] = [:]
        for (record, version) in versions { facts[record] = self.facts(record, version: version) }
        return NaivePartition(policy: policy, facts: facts, edges: edges, decisions: Array(decisions.values))
    }

    mutating func randomMove(_ generator: inout SeededGenerator) -> Move {
        clock += 1
        let record = records[generator.below(records.count)]
        let other = records[generator.below(records.count)]
        let roll = generator.below(100)
        if roll < 15, versions[record] != nil { return .remove(record) }
        if let pair = RecordPair(record, other), known(record), known(other) {
            if roll < 30 {
                let kind: StewardDecision.Kind = generator.chance(50) ? .mustLink : .cannotLink
                return .decide(StewardDecision(kind: kind, pair: pair, at: Sequence(clock)))
            }
            if roll < 38 { return .undo(pair) }
        }
        return .upsert(record, version: generator.below(3))
    }

    /// Whether a registry has a row for a record: it is live, or absent and decided about.
    private func known(_ record: RecordID) -> Bool {
        versions[record] != nil || decisions.keys.contains { $0.contains(record) }
    }

    /// Performs a move and says it as a registry would hear it.
    mutating func perform(_ move: Move) -> IdentityChange {
        clock += 1
        switch move {
        case .upsert(let record, let version):
            versions[record] = version
            return .upsert(
                record: record,
                at: Sequence(clock),
                facts: facts(record, version: version),
                neighbours: neighbours(of: record)
            )
        case .remove(let record):
            versions[record] = nil
            return .remove(record: record)
        case .decide(let decision):
            decisions[decision.pair] = decision
            return .decide(decision)
        case .undo(let pair):
            decisions[pair] = nil
            return .undo(pair)
        }
    }

    func neighbours(of record: RecordID) -> [IdentityChange.Neighbour] {
        var neighbours: [IdentityChange.Neighbour] = []
        for other in records {
            if let pair = RecordPair(record, other), let weight = weight(pair) {
                neighbours.append(.init(other, weight))
            }
        }
        return neighbours
    }

    /// The same population told in another order: all records once, then all decisions.
    func retold(_ generator: inout SeededGenerator) -> [IdentityChange] {
        var copy = RandomWorld(seed: seed, policy: policy, count: records.count, density: density)
        var changes: [IdentityChange] = []
        for record in records.shuffled(using: &generator) {
            if let version = versions[record] { changes.append(copy.perform(.upsert(record, version: version))) }
        }
        for pair in decisions.keys.sorted().shuffled(using: &generator) {
            guard let decision = decisions[pair], versions[pair.a] != nil, versions[pair.b] != nil else { continue }
            changes.append(copy.perform(.decide(decision)))
        }
        return changes
    }
}
