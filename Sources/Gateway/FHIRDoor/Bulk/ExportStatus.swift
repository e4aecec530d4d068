internal import Coordinator
internal import Entrance
internal import FHIR
internal import JSON

/// `GET` and `DELETE $export-status/{id}`: where the files of an export are, and that they are wanted no more.
enum ExportStatus {
    static let route = Route(
        "fhir.export.status",
        .fhir,
        "GET",
        FHIRDoor.base + "/$export-status/{id}",
        access: .search("rs"),
        "Tells where the files of an export are.",
        answer: answer
    )

    static let deleteRoute = Route(
        "fhir.export.delete",
        .fhir,
        "DELETE",
        FHIRDoor.base + "/$export-status/{id}",
        access: .search("rs"),
        "Ends an export.",
        answer: answerDelete
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await ExportJob(call.path[0], call)
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("transactionTime", FHIRInstant(milliseconds: job.time).description)
        writer.member("request", job.request)
        writer.key("requiresAccessToken")
        writer.boolean(call.services.entrance.policy != nil)
        writer.key("output")
        writer.beginArray()
        for file in 0..<job.files {
            writer.beginObject()
            writer.member("type", "Patient")
            writer.member("url", "\(call.fhirBase)/$export-file/\(job.id)/\(file)")
            writer.endObject()
        }
        writer.endArray()
        for name in ["deleted", "error"] {
            writer.key(name)
            writer.beginArray()
            writer.endArray()
        }
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func answerDelete(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await ExportJob(call.path[0], call)
        let name = ExportJob.name(job.id)
        try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, nil) }
        return DoorAnswer(status: 202)
    }
}
