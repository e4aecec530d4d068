import Bytes
import Identifiers
import Identity
import Testing

/// The smallest registry around an engine: rows by component, and each record's component.
struct RegistryModel {
    let engine: IdentityEngine
    private(set) var rows: [RecordID: [UInt8]] = [:]
    private(set) var home: [RecordID: RecordID] = [:]
    private(set) var lastResolution = Resolution()
    private(set) var events: [IdentityEvent] = []
    var nextBirth = Sequence(1)

    init(policy: IdentityPolicy) { engine = IdentityEngine(policy: policy) }

    var components: [Component] {
        get throws { try rows.keys.sorted().map { try component($0) } }
    }

    /// All persons, by smallest member.
    var persons: [Person] {
        get throws { try components.flatMap(\.persons).sorted { $0.members[0] < $1.members[0] } }
    }

    var partition: [[RecordID]] {
        get throws { try persons.map(\.members) }
    }

    func component(_ id: RecordID) throws -> Component {
        let row = try #require(rows[id])
        return try row.withUnsafeBytes { try Component(decoding: $0) }
    }

    func golden(_ record: RecordID) throws -> GoldenID? {
        guard let id = home[record] else { return nil }
        return try component(id).member(record)?.golden
    }

    mutating func apply(_ changes: [IdentityChange]) throws {
        var ids: Set<RecordID> = []
        for change in changes {
            for record in named(by: change) {
                if let id = home[record] { ids.insert(id) }
            }
        }
        let parts = try ids.sorted().map { try component($0) }
        let resolution = try engine.resolve(parts, applying: changes, nextBirth: &nextBirth)
        for id in resolution.dissolved { rows[id] = nil }
        for record in resolution.forgotten { home[record] = nil }
        for resolved in resolution.components {
            rows[resolved.id] = resolved.component.encoded()
            for member in resolved.component.members { home[member.record] = resolved.id }
            #expect(resolved.component.persons == resolved.persons)
        }
        events += resolution.events
        lastResolution = resolution
    }

    private func named(by change: IdentityChange) -> [RecordID] {
        switch change {
        case .upsert(let record, _, _, let neighbours):
            let match = engine.policy.matchThreshold
            return [record] + neighbours.filter { $0.weight >= match }.map(\.record)
        case .remove(let record): return [record]
        case .decide(let decision): return [decision.pair.a, decision.pair.b]
        case .undo(let pair): return [pair.a, pair.b]
        }
    }
}
