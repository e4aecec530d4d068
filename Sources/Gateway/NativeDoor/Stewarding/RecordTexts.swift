internal import Coordinator
internal import Identifiers

/// The names of records in answers: `source|id` where the record is there for the client, else its address.
struct RecordTexts {
    /// Most records whose names are looked up for one answer.
    private static let limit = 2_000

    private let call: DoorCall
    private var names: [RecordID: String] = [:]

    init(_ call: DoorCall) { self.call = call }

    /// Looks names up.
    mutating func find(_ ids: some Swift.Sequence<RecordID>) async throws(DoorFault) {
        for id in ids where names[id] == nil && names.count < Self.limit {
            let record = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.record(id: id)
            }
            names[id] = record.map { "\($0.key.source)|\($0.key.value)" } ?? id.description
        }
    }

    subscript(_ id: RecordID) -> String { names[id] ?? id.description }
}
