internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers

/// `PUT Patient/{id}` and `PUT Patient?identifier=system|value`: stores the next version of a record.
enum PatientUpdate {
    static let route = Route(
        "fhir.patient.update",
        .fhir,
        "PUT",
        FHIRDoor.base + "/Patient/{id}",
        access: .write(.update, "update"),
        capability: .interaction("update"),
        "Stores the next version of the record with this id.",
        answer: answer
    )

    static let conditionalRoute = Route(
        "fhir.patient.conditional-update",
        .fhir,
        "PUT",
        FHIRDoor.base + "/Patient",
        access: .write(.update, "update"),
        capability: .interaction("update"),
        parameters: [RouteParameter("identifier", "system|value", required: true)],
        "Stores a Patient under the identifier of the query, which must be one of its own.",
        answer: answerConditional
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try FHIRFormat.requireJSON(call.request)
        let request = call.request
        let condition = WriteCondition(request)
        let rules = WriteRules(call)
        // OpenCR's own ids mean nothing here: its clients are known by the identifiers of their records.
        if call.configuration.speaksOpenCR, RecordID(call.path[0]) == nil {
            return try await call.carryOut(try .create(request.body, ifNoneExist: nil, rules))
        }
        return try await call.carryOut(try .update(call.path[0], request.body, condition, rules))
    }

    private static func answerConditional(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try FHIRFormat.requireJSON(call.request)
        let request = call.request
        let condition = WriteCondition(request)
        let rules = WriteRules(call)
        let write = try PatientWrite.conditionalUpdate(request.target.items, request.body, condition, rules)
        _ = try await ConditionalMatch.one(write.key, at: "identifier", call)
        return try await call.carryOut(write)
    }
}
