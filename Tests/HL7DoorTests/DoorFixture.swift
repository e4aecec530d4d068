import Authorities
import Coordinator
import HL7v2
import Identifiers
import PatientMapping
import RuleSets
import ShardProtocol
import SimulationKit
import Testing
import Topology
import Transport

@testable import HL7Door

/// A door to a registry over dumb twins in which nothing fails.
struct DoorFixture: Sendable {
    let registry: Registry
    let door: HL7Door

    static let domains = """
        version: 1
        unknown: refuse
        authorities:
          - {name: TEST, oid: 2.16.840.1.113883.3.72.5.9.1, assigners: ["TEST_HARNESS|TEST"]}
          - {name: TEST_A, oid: 2.16.840.1.113883.3.72.5.9.2, assigners: ["TEST_HARNESS_A|TEST"]}
          - {name: TEST_B, oid: 2.16.840.1.113883.3.72.5.9.3, assigners: ["TEST_HARNESS_B|TEST"]}
          - {name: NID, oid: 2.16.840.1.113883.3.72.5.9.9, assigners: ["NID_AUTH|TEST"]}
        """

    /// Runs a body while the registry leads.
    static func run(
        _ change: @Sendable (inout HL7DoorSettings) -> Void = { _ in },
        _ body: @Sendable (DoorFixture) async throws -> Void
    ) async throws {
        var settings = HL7DoorSettings()
        settings.identifiers.authorities = try AuthorityRegistry(yaml: domains)
        change(&settings)
        let registry = Registry(
            slots: SlotMap(evenly: 3),
            shards: (0..<3).map { _ in TwinShard() },
            rules: try RuleSetFile.standardRules(),
            control: SimulatedControl(),
            clock: FixedClock()
        )
        let door = HL7Door(registry: registry, settings: settings, now: { 1_767_225_600_000 })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await registry.run() }
            while await !registry.status().leading { try await Task.sleep(for: .milliseconds(1)) }
            try await body(DoorFixture(registry: registry, door: door))
            group.cancelAll()
        }
    }

    /// Sends lines as a message and reads the answer.
    func send(_ lines: [String]) async throws -> HL7Message {
        let bytes = Array((lines.joined(separator: "\r") + "\r").utf8)
        let answer = try #require(await door.answer(bytes, from: PeerInfo(address: "127.0.0.1:1")))
        return try HL7Message(decoding: answer)
    }

    /// A feed message.
    func feed(
        _ event: String,
        _ pid: String,
        from client: String = "TEST_HARNESS",
        version: String = "2.3.1",
        id: String = "1",
        more: [String] = []
    ) async throws -> HL7Message {
        try await send(
            ["MSH|^~\\&|\(client)|TEST|CR|MOH|20260101||ADT^\(event)|\(id)|P|\(version)", "EVN||2026", pid] + more
        )
    }

    /// A record by its identifier.
    func record(_ oid: String, _ value: String) async throws -> StoredRecord? {
        try await registry.record(RecordKey(source: "urn:oid:2.16.840.1.113883.3.72.5.9.\(oid)", value: value))
    }
}

/// Milliseconds of a fixed day and sleeps that do not last.
struct FixedClock: CoordinatorClock {
    func sleep(_ duration: Duration) async { try? await Task.sleep(for: min(duration, .milliseconds(20))) }
    func milliseconds() -> UInt64 { 1_767_225_600_000 }
}
