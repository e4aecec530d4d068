internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// `POST /api/v1/former-goldens`: golden identifiers of another registry that go on naming persons here.
///
///     {"former": [{"golden": "f1f8…-uuid", "record": "urn:clinic|17"}]}
///
/// An identifier is tied to a record and names whatever person that record belongs to, through every merge and split.
enum FormerGoldens {
    static let route = Route(
        "native.former-goldens",
        .native,
        "POST",
        NativeDoor.base + "/former-goldens",
        access: .steward("u", .update),
        "Lets golden identifiers of another registry go on naming persons: {former: [{golden, record}]}.",
        answer: answer
    )

    /// The system under which they are told.
    static let system = "urn:tessera:former-golden"
    /// Identifiers of one request.
    private static let limit = 1_000
    /// Longest identifier.
    private static let lengthMax = 64

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try JSONBody.require(call.request, ["application/json"])
        let body = try JSONBody.parse(call.request.body)
        guard let items = body["former"]?.array, !items.isEmpty, items.count <= limit else {
            throw .invalid("1 to \(limit) identifiers are needed", at: "former")
        }
        for (index, item) in items.enumerated() {
            let place = "former[\(index)]"
            guard let golden = item["golden"]?.string, isUsable(golden) else {
                throw .invalid("must be letters, digits, - and ., 64 at most, and none of this registry", at: place)
            }
            let key = try await RecordNames.key(item["record"]?.string, parameter: "\(place).record", in: call)
            let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
            guard let record = found, !record.deleted else { throw .notFound("there is no such record (\(place))") }
            try await tie(golden, to: record.id, call)
        }
        return .json(Array(#"{"kept":\#(items.count)}"#.utf8))
    }

    private static func isUsable(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= lengthMax && RecordID(text) == nil && GoldenID(text) == nil
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static func name(_ golden: String) -> String { "former-golden|\(golden)" }
    private static func list(_ record: RecordID) -> String { "former-goldens|\(record)" }

    private static func tie(_ golden: String, to record: RecordID, _ call: DoorCall) async throws(DoorFault) {
        let known = try await goldens(of: [record], call)
        try await call.ask { (registry) async throws(RegistryError) in
            try await registry.note(name(golden), Array(record.description.utf8))
            guard !known.contains(golden) else { return }
            try await registry.note(list(record), Array((known + [golden]).joined(separator: " ").utf8))
        }
    }

    /// The identifiers of another registry that name the person of these records.
    static func goldens(of records: [RecordID], _ call: DoorCall) async throws(DoorFault) -> [String] {
        let names = records.map(list)
        let notes = try await call.ask { (registry) async throws(RegistryError) in try await registry.notes(names) }
        return notes.compactMap { $0 }.flatMap { note in
            String(decoding: note, as: UTF8.self).split(separator: " ").map(String.init)
        }
    }

    /// The person that an identifier of another registry names; `nil` where it names none.
    static func person(_ golden: String, _ call: DoorCall) async throws(DoorFault) -> PersonView? {
        guard isUsable(golden) else { return nil }
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name(golden))
        }
        guard let note, let id = RecordID(String(decoding: note, as: UTF8.self)) else { return nil }
        return try await call.ask { (registry) async throws(RegistryError) in
            guard let current = try await registry.record(id: id)?.golden else { return nil }
            return try await registry.person(current)
        }
    }
}
