internal import Coordinator
internal import Identifiers

/// `GET Patient/{id}/_history/{version}`: a record as it was.
enum PatientVersionRead {
    static let route = Route(
        "fhir.patient.vread",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient/{id}/_history/{version}",
        access: .read("vread"),
        capability: .interaction("vread"),
        "Reads one version of a source record.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let id = RecordID(call.path[0]), let version = UInt32(call.path[1]), version > 0 else {
            throw .notFound("there is no such version of this Patient")
        }
        let found = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.record(id: id, version: version)
        }
        guard let record = found else { throw .notFound("there is no such version of this Patient") }
        return try PatientRead.answer(record, call)
    }
}
