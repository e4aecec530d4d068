import Coordinator
import Demographics
import Identifiers
import SimulationKit
import Testing

/// An update under a condition whose answer was lost is sent again (RFC 9110, section 13.1.1).
struct RepeatedUpdateTests {
    private static func update(_ text: String, over version: UInt32) -> Submission {
        Submission(record: People.amina("1"), document: Array(text.utf8), expectedVersion: version)
    }

    @Test func itGetsItsFirstAnswer() async throws {
        try await QuietCluster.run { cluster in
            let registry = cluster.registry
            _ = try await cluster.stored(People.amina("1"), document: "{\"v\":1}")
            let first = await registry.submit([Self.update("{\"v\":2}", over: 1)])[0]
            let again = await registry.submit([Self.update("{\"v\":2}", over: 1)])[0]
            guard case .stored(let one) = first, case .stored(let two) = again else {
                Issue.record("\(first), \(again)")
                return
            }
            #expect(one.version == 2 && two.version == 2 && two.unchanged && one.updated == two.updated)
            #expect(try await registry.record(id: one.id)?.version == 2)
        }
    }

    @Test func anybodyElsesUpdateIsAConflict() async throws {
        try await QuietCluster.run { cluster in
            let registry = cluster.registry
            _ = try await cluster.stored(People.amina("1"), document: "{\"v\":1}")
            _ = await registry.submit([Self.update("{\"v\":2}", over: 1)])
            let other = await registry.submit([Self.update("{\"v\":3}", over: 1)])[0]
            #expect(other == .refused(.versionConflict(current: 2)))
            _ = await registry.submit([Self.update("{\"v\":3}", over: 2)])
            // What was stored since is not what it wanted.
            let late = await registry.submit([Self.update("{\"v\":2}", over: 1)])[0]
            #expect(late == .refused(.versionConflict(current: 3)))
        }
    }
}
