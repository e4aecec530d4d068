import Coordinator
import Demographics
import Identifiers
import Matching
import RuleSets
import ShardProtocol
import SimulationKit
import Topology

/// A registry over dumb twins in which nothing fails: for tests of what it decides.
struct QuietCluster {
    let registry: Registry
    let shards: [TwinShard]

    /// Runs a body while the registry leads.
    static func run<T: Sendable>(
        shards count: Int = 3,
        limits: CoordinatorLimits = CoordinatorLimits(),
        tools: KeepingTools = KeepingTools(),
        clock: any CoordinatorClock = RealClock(),
        _ body: @Sendable (QuietCluster) async throws -> T
    ) async throws -> T {
        let shards = (0..<count).map { _ in TwinShard() }
        return try await whileLeading(shards, limits: limits, tools: tools, clock: clock) {
            try await body(QuietCluster(registry: $0, shards: shards))
        }
    }

    /// Runs a body while a registry over some shards leads.
    static func whileLeading<T: Sendable>(
        _ shards: [any ShardClient],
        limits: CoordinatorLimits = CoordinatorLimits(),
        tools: KeepingTools = KeepingTools(),
        rules: RuleSet? = nil,
        control: SimulatedControl = SimulatedControl(),
        clock: any CoordinatorClock = RealClock(),
        _ body: @Sendable (Registry) async throws -> T
    ) async throws -> T {
        let registry = Registry(
            slots: SlotMap(evenly: shards.count),
            shards: shards,
            rules: try rules ?? RuleSetFile.standardRules(),
            control: control,
            tools: tools,
            limits: limits,
            clock: clock
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await registry.run() }
            while await !registry.status().leading { try await Task.sleep(for: .milliseconds(1)) }
            let result = try await body(registry)
            group.cancelAll()
            return result
        }
    }

    /// Stores one record.
    func store(_ record: SourceRecord, document: String = "{}") async -> SubmissionOutcome {
        await registry.submit([Submission(record: record, document: Array(document.utf8))])[0]
    }

    /// Stores one record that must be accepted.
    func stored(_ record: SourceRecord, document: String = "{}") async throws -> SubmissionOutcome.Stored {
        guard case .stored(let stored) = await store(record, document: document) else { throw Unexpected.outcome }
        return stored
    }

    enum Unexpected: Error { case outcome }
}

/// Milliseconds of a fixed day and sleeps that do not last.
struct RealClock: CoordinatorClock {
    func sleep(_ duration: Duration) async { try? await Task.sleep(for: min(duration, .milliseconds(20))) }
    func milliseconds() -> UInt64 { 1_700_000_000_000 }
}

/// People for tests.
enum People {
    static func amina(_ value: String, source: String = "clinic", phone: String = "0772123456") -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: source, value: value))
        record.names = [PersonName(given: ["Amina"], family: "Nakato")]
        record.sex = "F"
        record.birthDate = "1984-03-12"
        record.contacts = [ContactPoint(system: .phone, value: phone)]
        record.identifiers = [PatientIdentifier(system: "urn:tessera:national-id", value: "CF84031200XYZ", type: "NI")]
        return record
    }

    /// What another source says in the same words.
    static func copy(_ record: SourceRecord, _ value: String) -> SourceRecord {
        var copy = record
        copy.key = RecordKey(source: record.key.source, value: value)
        return copy
    }

    static func peter(_ value: String, source: String = "clinic") -> SourceRecord {
        var record = SourceRecord(key: RecordKey(source: source, value: value))
        record.names = [PersonName(given: ["Peter"], family: "Okello")]
        record.sex = "M"
        record.birthDate = "1961-11-30"
        record.contacts = [ContactPoint(system: .phone, value: "0701998877")]
        return record
    }
}
