import Coordinator
import Demographics
import Identifiers
import Locks
import RuleSets
import ShardProtocol
import SimulationKit

import Testing
import Topology

/// Two coordinators on the same shards: one leads, the other passes on what only a leader may do.
struct SeveralCoordinatorsTests {
    /// Both, with the first one leading.
    private func withTwo(
        _ body: @Sendable (_ leader: Registry, _ follower: Registry, _ gate: Gate) async throws -> Void
    ) async throws {
        let shards = (0..<3).map { _ in TwinShard() }
        let gate = Gate()
        let rules = try RuleSetFile.standardRules()
        let link = DirectLink()
        func make(_ name: String) -> Registry {
            let registry = Registry(
                slots: SlotMap(evenly: shards.count),
                shards: shards,
                rules: rules,
                control: GatedControl(name: name, gate: gate),
                link: link,
                clock: RealClock()
            )
            link.add(name, registry)
            return registry
        }
        let (first, second) = (make("a"), make("b"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await first.run() }
            while !first.isLeading { try await Task.sleep(for: .milliseconds(1)) }
            tasks.addTask { await second.run() }
            try await body(first, second, gate)
            tasks.cancelAll()
        }
    }

    private func record(_ value: String) -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: "clinic", value: value))
        record.names = [PersonName(given: ["Maria"], family: "Alva")]
        record.birthDate = "1980-01-02"
        return record
    }

    @Test func aFollowerPassesWritesOnAndReadsByItself() async throws {
        try await withTwo { leader, follower, _ in
            let outcomes = await follower.submit([Submission(record: record("1"), document: Array("{}".utf8))])
            guard case .stored(let stored) = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(try await follower.record(stored.key)?.golden == stored.golden)
            #expect(try await leader.person(stored.golden)?.members.map(\.key) == [stored.key])
            // How far the feed goes is known to the leader alone.
            #expect(try await follower.changes(after: .zero, limit: 10).entries.count == 1)
            try await follower.note("n", [1])
            #expect(try await follower.note("n") == [1])
            let status = await follower.status()
            #expect(!status.leading && status.leader?.name == "a" && status.reason == "a leads")
        }
    }

    @Test func whoLeadsNoMoreSaysSoAndTheNextGoesOn() async throws {
        try await withTwo { leader, follower, gate in
            _ = await leader.submit([Submission(record: record("1"), document: Array("{}".utf8))])
            gate.pass(to: "b")
            while !follower.isLeading { try await Task.sleep(for: .milliseconds(1)) }
            while leader.isLeading { try await Task.sleep(for: .milliseconds(1)) }
            let outcomes = await leader.submit([Submission(record: record("2"), document: Array("{}".utf8))])
            guard case .stored = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(try await leader.changes(after: .zero, limit: 10).entries.count == 2)
        }
    }

    /// A message that comes to a node that does not lead is answered, not passed on: two nodes that take each other
    /// for the leader must not send it in a circle.
    @Test func nothingIsPassedOnTwice() async throws {
        try await withTwo { leader, follower, gate in
            gate.pass(to: "nobody")
            while leader.isLeading { try await Task.sleep(for: .milliseconds(1)) }
            gate.pretend(leader: "b")
            let outcomes = await leader.submit([Submission(record: record("1"), document: Array("{}".utf8))])
            guard case .unavailable = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
        }
    }
}

/// Who leads, as the test says.
final class Gate: Sendable {
    private struct State {
        var holder = "a"
        var pretended: String?
        var epoch = Epoch(0)
    }

    private let state = Mutex(State())

    func pass(to name: String) { state.withLock { $0.holder = name } }
    func pretend(leader: String) { state.withLock { $0.pretended = leader } }
    func begin(_ name: String) -> Epoch? {
        state.withLock { state in
            guard state.holder == name else { return nil }
            state.epoch = state.epoch.next
            return state.epoch
        }
    }
    func holds(_ name: String, _ epoch: Epoch) -> Bool { state.withLock { $0.holder == name && $0.epoch == epoch } }
    var leader: Leader {
        state.withLock { Leader(name: $0.pretended ?? $0.holder, address: "", epoch: $0.epoch) }
    }
}

/// A control plane that asks the gate.
struct GatedControl: ControlPlaneClient {
    let name: String
    let gate: Gate
    private let map = SimulatedControl()

    init(name: String, gate: Gate) {
        self.name = name
        self.gate = gate
    }

    func beginEpoch() async throws -> Epoch {
        while true {
            if let epoch = gate.begin(name) { return epoch }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
    func holds(_ epoch: Epoch) -> Bool { gate.holds(name, epoch) }
    func resign(_ epoch: Epoch) async {}
    func leader() -> Leader? { gate.leader }
    func clusterMap() async throws(TopologyError) -> StoredMap { try await map.clusterMap() }
    func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        try await self.map.replace(map, expecting: revision)
    }
    func changes() -> AsyncStream<StoredMap> { map.changes() }
}

/// A way between coordinators in one process.
final class DirectLink: LeaderLink {
    private let registries = Mutex([String: Registry]())

    func add(_ name: String, _ registry: Registry) { registries.withLock { $0[name] = registry } }

    func carry(_ message: [UInt8], to leader: Leader) async throws(RegistryError) -> [UInt8] {
        guard let registry = registries.withLock({ $0[leader.name] }) else {
            throw .unavailable(reason: "nobody of that name", retryAfterSeconds: 1)
        }
        return await registry.answer(peer: message)
    }
}
