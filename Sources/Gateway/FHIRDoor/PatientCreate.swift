internal import Audit

/// `POST Patient`: stores a record; one that is known is updated, never doubled.
enum PatientCreate {
    static let route = Route(
        "fhir.patient.create",
        .fhir,
        "POST",
        FHIRDoor.base + "/Patient",
        access: .write(.create, "create"),
        capability: .interaction("create"),
        "Stores a Patient under one of its identifiers; updates the record where it is known.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try FHIRFormat.requireJSON(call.request)
        let condition = call.request.headers["if-none-exist"]
        let rules = WriteRules(call)
        return try await call.carryOut(try .create(call.request.body, ifNoneExist: condition, rules))
    }
}
