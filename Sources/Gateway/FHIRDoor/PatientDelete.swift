internal import Audit
internal import Coordinator
internal import Identifiers

/// `DELETE Patient/{id}` and `DELETE Patient?identifier=system|value`: takes a record out; its person lives on.
enum PatientDelete {
    static let route = Route(
        "fhir.patient.delete",
        .fhir,
        "DELETE",
        FHIRDoor.base + "/Patient/{id}",
        access: .write(.delete, "delete"),
        capability: .interaction("delete"),
        "Removes the record with this id.",
        answer: answer
    )

    static let conditionalRoute = Route(
        "fhir.patient.conditional-delete",
        .fhir,
        "DELETE",
        FHIRDoor.base + "/Patient",
        access: .write(.delete, "delete"),
        capability: .interaction("delete"),
        parameters: [RouteParameter("identifier", "system|value", required: true)],
        "Removes the record that the identifier names.",
        answer: answerConditional
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let key = try await key(call.path[0], call) else { return DoorAnswer(status: 204) }
        return try await call.carryOut(try .delete(key, WriteCondition(call.request), WriteRules(call)))
    }

    private static func answerConditional(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let key = try await ConditionalMatch.removed(call.request.target.items, call)
        return try await call.carryOut(try .delete(key, WriteCondition(call.request), WriteRules(call)))
    }

    /// The key of the record with an id; `nil` where there is none.
    static func key(_ id: String, _ call: DoorCall) async throws(DoorFault) -> RecordKey? {
        guard GoldenID(id) == nil else {
            throw .methodNotAllowed("DELETE of a person (golden identifier)", allow: ["GET", "HEAD"])
        }
        guard let record = RecordID(id) else { return nil }
        return try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: record)?.key
        }
    }
}
