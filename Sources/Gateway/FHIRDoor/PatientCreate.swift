internal import Audit
internal import Coordinator

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
        if let condition, let found = try await ConditionalMatch.foreign(condition, call) {
            return try existing(found, call)
        }
        return try await call.carryOut(try .create(call.request.body, ifNoneExist: condition, rules))
    }

    /// The answer where there is such a Patient already: nothing is stored (FHIR R4, 3.1.0.8.1).
    private static func existing(_ record: StoredRecord, _ call: DoorCall) throws(DoorFault) -> DoorAnswer {
        var answer = DoorAnswer(status: 200)
        // Who may write but not read is told where it is, and nothing else.
        let mayRead = (try? Admission.require(PatientRead.route.access.need, of: call.request)) != nil
        if mayRead, ReturnPreference(call.request) ?? .representation == .representation {
            answer = .resource(try PatientAnswer.bytes(record, call.configuration))
        }
        answer.headers["location"] = "\(call.fhirBase)/Patient/\(record.id)/_history/\(record.version)"
        answer.headers["etag"] = EntityTag.text(record.version)
        return answer
    }
}
