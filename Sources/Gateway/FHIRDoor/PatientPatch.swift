internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// `PATCH Patient/{id}`: changes a record by a JSON Patch (RFC 6902) of what its source sent.
enum PatientPatch {
    static let route = Route(
        "fhir.patient.patch",
        .fhir,
        "PATCH",
        FHIRDoor.base + "/Patient/{id}",
        access: .write(.update, "patch"),
        capability: .interaction("patch"),
        "Changes the record with this id by a JSON Patch.",
        answer: answer
    )

    static let mediaType = "application/json-patch+json"

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try JSONBody.require(call.request, [mediaType])
        guard let id = RecordID(call.path[0]) else { throw .notFound("there is no Patient with this id") }
        let found = try await call.askForUpdate { (registry) async throws(RegistryError) in
            try await registry.record(id: id)
        }
        guard let record = found else { throw .notFound("there is no Patient with this id") }
        guard !record.deleted else { throw DoorFault(410, .deleted, "the Patient was deleted") }
        // What may not be written is not looked into either.
        try WriteRules(call).checkAssigner(record.key, place: "Patient.identifier")
        var condition = WriteCondition(call.request)
        let document = try patched(try await base(record, condition, call), call)
        // Between reading and writing nobody else may have written.
        condition.ifMatch = condition.ifMatch ?? EntityTag.text(record.version)
        return try await call.carryOut(try .update(call.path[0], document, condition, WriteRules(call)))
    }

    /// What a patch is of: the record, or the version before where the patch may have been carried out already.
    private static func base(
        _ record: StoredRecord,
        _ condition: WriteCondition,
        _ call: DoorCall
    ) async throws(DoorFault) -> StoredRecord {
        guard let expected = try condition.ifMatch.map(EntityTag.expected), expected > 0,
            expected &+ 1 == record.version
        else { return record }
        let found = try await call.askForUpdate { (registry) async throws(RegistryError) in
            try await registry.record(id: record.id, version: expected)
        }
        return found.flatMap { $0.deleted ? nil : $0 } ?? record
    }

    private static func patched(_ record: StoredRecord, _ call: DoorCall) throws(DoorFault) -> [UInt8] {
        let patch: JSONValue
        var resource: JSONValue
        let body = call.request.body
        do throws(JSONError) {
            patch = try JSONValue(parsing: body.span.bytes)
        } catch {
            throw DoorFault(error)
        }
        do throws(JSONError) {
            resource = try JSONValue(parsing: record.document.span.bytes, limits: JSONLimits(bytes: Patient.bytesMax))
        } catch {
            throw DoorFault.unreadable(record.id)
        }
        do throws(JSONPatch.Fault) {
            resource = try JSONPatch(patch).applied(to: resource)
        } catch {
            let place = error.operation < 0 ? "$this" : "$this[\(error.operation)]"
            throw DoorFault(error.operation < 0 ? 400 : 422, .processing, error.reason, at: place)
        }
        guard case .object(var object) = resource else {
            throw DoorFault(422, .processing, "a patch must leave a Patient", at: "Patient")
        }
        object["id"] = .string(record.id.description)
        return JSONValue.object(object).serialised()
    }
}
