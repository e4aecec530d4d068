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
        writer.key("deleted")
        writer.beginArray()
        for file in try await removals(of: job, call) {
            writer.beginObject()
            writer.member("type", "Bundle")
            writer.member("url", "\(call.fhirBase)/$export-removals/\(job.id)/\(file)")
            writer.endObject()
        }
        writer.endArray()
        writer.key("error")
        writer.beginArray()
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    /// The files of removals; the one of a short time is not told where there is nothing in it.
    private static func removals(of job: ExportJob, _ call: DoorCall) async throws(DoorFault) -> Range<Int> {
        guard job.removals == 1 else { return 0..<job.removals }
        return try await ExportFile.removed(0, of: job, call).isEmpty ? 0..<0 : 0..<1
    }

    private static func answerDelete(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await ExportJob(call.path[0], call)
        let name = ExportJob.name(job.id)
        try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, nil) }
        return DoorAnswer(status: 202)
    }
}
