import Demographics
import Identifiers
import Identity
import Locks
import Matching
import RuleSets
import SimulationKit
import Topology

@testable import Coordinator

/// A registry that outlives its leaders, a few people who are written about, and two sets of rules.
final class RuleWorld: Sendable {
    private struct State {
        var random: SimulationRandom
        var papers: [[UInt8]: SourceRecord] = [:]
        /// What is stored now, by record.
        var live: [Int: SourceRecord] = [:]
        var decisions: [StewardDecision] = []
        var goldens: Set<GoldenID> = []
    }

    static let recordCount = 90

    let shards: [TwinShard] = (0..<3).map { _ in TwinShard() }
    private let control = SimulatedControl()
    private let population: SimulatedPopulation
    private let state: Mutex<State>

    init(seed: UInt64) {
        var random = SimulationRandom(seed: seed)
        population = SimulatedPopulation(count: 24, random: &random)
        state = Mutex(State(random: random))
    }

    /// Rules that key, weigh, join and ask differently from the standard ones.
    static func others() throws -> RuleSet {
        var file = try RuleSetFile(yaml: RuleSetFile.standardText)
        file.name = "others"
        file.matchThreshold += 3
        file.reviewThreshold -= 2
        file.blocking = [BlockingRule([.birthDate, .sex]), BlockingRule([.phone]), BlockingRule([.identifier])]
        file.linkage = .average(absent: MatchWeight(bits: 4), growth: [])
        return try file.compiled()
    }

    private func reading(_ key: RecordKey, _ document: [UInt8]) -> SourceRecord? {
        state.withLock { $0.papers[document] }
    }

    /// A registry over the world's shards.
    func registry(_ rules: RuleSet, on shards: [TwinShard]? = nil, _ control: SimulatedControl? = nil) -> Registry {
        var limits = CoordinatorLimits()
        limits.rulesGrace = .zero
        let shards = shards ?? self.shards
        return Registry(
            slots: SlotMap(evenly: shards.count),
            shards: shards,
            rules: rules,
            control: control ?? self.control,
            tools: KeepingTools(reading: { self.reading($0, $1) }),
            limits: limits,
            clock: RealClock()
        )
    }

    /// Runs a body while a registry leads; what happens afterwards happens under another leader.
    static func whileLeading<T: Sendable>(
        _ registry: Registry,
        _ body: @Sendable (Registry) async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await registry.run() }
            while await !registry.status().leading { try await Task.sleep(for: .milliseconds(1)) }
            let result = try await body(registry)
            group.cancelAll()
            return result
        }
    }

    /// Writes something by chance, and remembers what then holds.
    func write(_ registry: Registry) async throws {
        let (number, kind) = state.withLock { state in
            (Int(state.random.next(below: UInt64(Self.recordCount))), state.random.next(below: 12))
        }
        let key = RecordKey(source: "clinic-\(number % 3)", value: "\(number)")
        switch kind {
        case 0:
            guard state.withLock({ $0.live[number] != nil }) else { return }
            state.withLock { $0.live[number] = nil }
            try accepted(
                await registry.submit([Submission(action: .delete, record: SourceRecord(key: key), document: [])])
            )
        case 1: try await decide(registry)
        default: try await store(number, key, registry)
        }
    }

    /// Stores what one source says about somebody.
    func store(_ registry: Registry) async throws {
        let number = state.withLock { Int($0.random.next(below: UInt64(Self.recordCount))) }
        try await store(number, RecordKey(source: "clinic-\(number % 3)", value: "\(number)"), registry)
    }

    private func store(_ number: Int, _ key: RecordKey, _ registry: Registry) async throws {
        let (record, document) = state.withLock { state in
            let record = population.record(number % 24, key: key, random: &state.random)
            let document = Array("paper \(state.papers.count)".utf8)
            state.papers[document] = record
            state.live[number] = record
            return (record, document)
        }
        try accepted(await registry.submit([Submission(record: record, document: document)]))
    }

    private func accepted(_ outcomes: [SubmissionOutcome]) throws {
        for outcome in outcomes {
            switch outcome {
            case .stored(let stored): state.withLock { _ = $0.goldens.insert(stored.golden) }
            case .removed: break
            default: throw Unexpected("\(outcome)")
            }
        }
    }

    private func decide(_ registry: Registry) async throws {
        let chosen = state.withLock { state -> (RecordPair, StewardDecision.Kind)? in
            let keys = state.live.keys.sorted()
            guard keys.count > 20 else { return nil }
            let two = (0..<2).map { _ in keys[Int(state.random.next(below: UInt64(keys.count)))] }
            let ids = two.compactMap { state.live[$0]?.key.id }
            return RecordPair(ids[0], ids[1]).map { ($0, state.random.chance(500) ? .mustLink : .cannotLink) }
        }
        guard let (pair, kind) = chosen else { return }
        let decision = StewardDecision(kind: kind, pair: pair, at: .zero, by: "akello", comment: "")
        _ = try await registry.decide(decision)
        state.withLock { $0.decisions.append(decision) }
    }

    /// What is stored now, in no order.
    var records: [SourceRecord] { state.withLock { Array($0.live.values) } }

    /// The golden identifiers that were given out.
    var goldens: Set<GoldenID> { state.withLock { $0.goldens } }

    /// Who is one person.
    static func partition(_ registry: Registry) async throws -> Set<Set<RecordKey>> {
        var people: [GoldenID: Set<RecordKey>] = [:]
        for link in try await registry.links(after: nil, limit: 1_000).entries {
            people[link.golden, default: []].insert(link.key)
        }
        return Set(people.values)
    }

    /// What stewards are asked.
    static func questions(_ registry: Registry) async throws -> Set<String> {
        Set(try await registry.reviews(limit: 1_000).map { "\($0.task.pair) \($0.task.reason)" })
    }

    /// A registry that knew the rules from the beginning, and what is stored in the end, in another order.
    func fresh(_ rules: RuleSet) async throws -> (partition: Set<Set<RecordKey>>, questions: Set<String>) {
        let (papers, decisions) = state.withLock { state in
            let live = state.live.sorted { $0.key > $1.key }.map(\.value)
            let named = live.compactMap { record in state.papers.first { $0.value == record }?.key }
            return (zip(live, named).map { Submission(record: $0, document: $1) }, state.decisions)
        }
        let shards = (0..<2).map { _ in TwinShard() }
        return try await Self.whileLeading(registry(rules, on: shards, SimulatedControl())) { registry in
            for paper in papers { _ = await registry.submit([paper]) }
            for decision in decisions { _ = try? await registry.decide(decision) }
            return (try await Self.partition(registry), try await Self.questions(registry))
        }
    }

    struct Unexpected: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
