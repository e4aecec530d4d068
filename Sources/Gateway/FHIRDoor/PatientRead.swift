internal import Coordinator
internal import FHIR
internal import Identifiers
internal import PatientMapping

/// `GET Patient/{id}`: a source record by its 13 characters, or a person by a golden identifier.
enum PatientRead {
    static let route = Route(
        "fhir.patient.read",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient/{id}",
        access: .read("read"),
        capability: .interaction("read"),
        "Reads a source record, or a person by golden identifier.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        if let golden = GoldenID(call.path[0]) { return try await person(golden, call) }
        guard let id = RecordID(call.path[0]) else {
            guard let person = try await FormerGoldens.person(call.path[0], call) else {
                throw .notFound("there is no Patient with this id")
            }
            return .resource(try await told(person, asked: person.golden, call))
        }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
        guard let record = found else { throw .notFound("there is no Patient with this id") }
        let replaced = record.deleted ? [] : try await replaced(by: record, call)
        return try answer(record, replaced: replaced, call)
    }

    /// The records whose place a record took: it links to them, and their identifiers are its old ones.
    static func replaced(by record: StoredRecord, _ call: DoorCall) async throws(DoorFault) -> [StoredPatient] {
        let companions = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.companions(of: [record]).first ?? []
        }
        guard !companions.isEmpty else { return [] }
        return companions.compactMap { other in
            guard let other = try? StoredPatient(other) else { return nil }
            let isReplaced = other.patient.links.contains { link in
                link.kind == .replacedBy && RecordMerge.names(link.other, record, call)
            }
            return isReplaced ? other : nil
        }
    }

    /// The answer for one version of a record, with regard to what the client holds already.
    static func answer(
        _ record: StoredRecord,
        replaced: [StoredPatient] = [],
        _ call: DoorCall
    ) throws(DoorFault) -> DoorAnswer {
        guard !record.deleted else {
            throw DoorFault(410, .deleted, "the Patient was deleted; version \(record.version) is its deletion")
        }
        let headers = PatientAnswer.headers(version: record.version, updated: record.updated)
        if let held = call.request.headers.list("if-none-match"), EntityTag.covers(held, record.version) {
            return DoorAnswer(status: 304, headers: headers)
        }
        var answer = DoorAnswer.resource(try bytes(record, replaced, call))
        for field in headers.fields { answer.headers.add(field.name, field.value) }
        if record.isUnsearched { answer.headers[PatientAnswer.unsearchedField] = "true" }
        return answer
    }

    /// A record as it is read, with what it replaced.
    static func bytes(
        _ record: StoredRecord,
        _ replaced: [StoredPatient],
        _ call: DoorCall
    ) throws(DoorFault) -> [UInt8] {
        guard !replaced.isEmpty else { return try PatientAnswer.bytes(record, call.configuration) }
        let found = FoundPatient(stored: try StoredPatient(record), companions: replaced, place: record.id)
        return try found.bytes([], call.configuration)
    }

    private static func person(_ golden: GoldenID, _ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(golden) }
        guard let person = found else { throw .notFound("there is no Patient with this id") }
        return .resource(try await told(person, asked: golden, call))
    }

    /// A person with the golden identifiers of another registry that name it as well.
    private static func told(
        _ person: PersonView,
        asked golden: GoldenID,
        _ call: DoorCall
    ) async throws(DoorFault) -> [UInt8] {
        let bytes = try PersonAnswer.bytes(person, asked: golden, call.configuration)
        let former = try await FormerGoldens.goldens(of: person.members.map(\.id), call)
        guard !former.isEmpty, golden == person.golden else { return bytes }
        var stamp = PatientStamp()
        stamp.furtherIdentifiers = former.map { Identifier(system: FormerGoldens.system, value: $0, use: .secondary) }
        do throws(FHIRError) {
            return try stamp.applied(to: bytes.span.bytes)
        } catch {
            throw DoorFault(500, .exception, "the person cannot be told")
        }
    }
}
