internal import Bytes
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientMapping

/// Mothers, children and others of a Patient, kept beside its record.
enum RelatedPersons {
    /// A RelatedPerson to be kept.
    struct Change: Sendable {
        var record: RecordID
        var resource: JSONObject
    }

    /// Most persons kept beside one record: a large family.
    private static let limit = 64

    /// Reads a RelatedPerson whose patient is a record of this registry, or one of the same message.
    ///
    /// - Throws: a 422 where it names no patient or says nothing of the relation.
    static func change(_ document: [UInt8], at place: String, _ call: DoorCall) async throws(DoorFault) -> Change {
        guard let object = (try? JSONValue(parsing: document.span.bytes))?.object else {
            throw DoorFault(422, .structure, "the resource cannot be read", at: place)
        }
        guard object["relationship"]?.array?.isEmpty == false else {
            throw DoorFault(422, .required, "a relationship is needed", at: "\(place).relationship")
        }
        guard let patient = object["patient"], let record = id(patient, call) else {
            throw DoorFault(422, .notFound, "the patient must be a record of this registry", at: "\(place).patient")
        }
        return Change(record: record, resource: object)
    }

    /// The id under which it is kept.
    static func id(of change: Change) -> String {
        let own = change.resource["id"]?.string ?? ""
        let seed = KeyHash.hash("\(change.record)|\(own)|\(change.resource["identifier"].map { "\($0)" } ?? "")")
        return RecordID(seed).description
    }

    /// Keeps it, in place of what was kept under the same id.
    static func store(_ change: Change, _ call: DoorCall) async throws(DoorFault) {
        var resource = change.resource
        let id = id(of: change)
        resource["id"] = .string(id)
        resource["patient"] = ["reference": .string("Patient/\(change.record)")]
        let name = name(change.record)
        let held = try await call.askForUpdate { (registry) async throws(RegistryError) in try await registry.note(name)
        }
        var all = Self.read(held).filter { $0["id"]?.string != id }
        guard all.count < limit else {
            throw DoorFault(422, .tooLong, "a Patient may have at most \(limit) related persons", at: "RelatedPerson")
        }
        all.append(resource)
        let document = JSONValue.array(all.map { .object($0) }).serialised()
        try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, document) }
    }

    /// Those of a record.
    static func of(_ record: RecordID, _ call: DoorCall) async throws(DoorFault) -> [JSONObject] {
        let name = name(record)
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        return read(note)
    }

    private static func read(_ note: [UInt8]?) -> [JSONObject] {
        guard let note, let value = try? JSONValue(parsing: note.span.bytes) else { return [] }
        return value.array?.compactMap(\.object) ?? []
    }

    private static func name(_ record: RecordID) -> String { "related|\(record)" }

    private static func id(_ patient: JSONValue, _ call: DoorCall) -> RecordID? {
        if let system = patient["identifier"]?["system"]?.string, let value = patient["identifier"]?["value"]?.string {
            return call.configuration.mapping.key(Identifier(system: system, value: value)).id
        }
        return patient["reference"]?.string?.split(separator: "/").last.flatMap { RecordID($0) }
    }
}
