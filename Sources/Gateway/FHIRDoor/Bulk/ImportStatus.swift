internal import Entrance
internal import Audit
internal import Coordinator
internal import FHIR
internal import JSON

/// `$import-status/{id}`: how far an import is, where its errors are, and that it is wanted no more.
enum ImportStatus {
    static let route = Route(
        "fhir.import.status",
        .fhir,
        "GET",
        FHIRDoor.base + "/$import-status/{id}",
        access: .write(.execute, "operation", ""),
        "Tells how far an import is, and where its errors are.",
        answer: answer
    )

    static let deleteRoute = Route(
        "fhir.import.delete",
        .fhir,
        "DELETE",
        FHIRDoor.base + "/$import-status/{id}",
        access: .write(.execute, "operation", ""),
        "Ends an import; what was stored stays.",
        answer: answerDelete
    )

    static let fileRoute = Route(
        "fhir.import.file",
        .fhir,
        "GET",
        FHIRDoor.base + "/$import-errors/{id}/{input}/{number}",
        access: .write(.execute, "operation", ""),
        "Reads one file of an import's errors.",
        answer: answerFile
    )

    /// The job, for the client that asked for it.
    private static func job(_ call: DoorCall) async throws(DoorFault) -> ImportJob {
        let job = try await ImportJob(call.path[0], call)
        guard job.client == call.request.caller.name else { throw .notFound("there is no such import") }
        return job
    }

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await job(call)
        let done = job.inputs.reduce(0) { $0 + $1.stored + $1.held + $1.failed }
        guard job.state == .done || job.state == .cancelled else {
            let isWaiting = call.services.time() >= job.updated + ImportJob.patience
            var answer = DoorAnswer(status: 202)
            answer.headers["x-progress"] = "\(done) lines" + (isWaiting ? ", waiting to be taken up again" : "")
            answer.headers["retry-after"] = "1"
            return answer
        }
        return .json(manifest(job, call))
    }

    private static func manifest(_ job: ImportJob, _ call: DoorCall) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("transactionTime", FHIRInstant(milliseconds: Int64(clamping: job.time)).description)
        writer.member("request", job.request)
        writer.key("requiresAccessToken")
        writer.boolean(call.services.entrance.policy != nil)
        writer.member("cancelled", flag: job.state == .cancelled)
        writer.key("output")
        writer.beginArray()
        for input in job.inputs {
            writer.beginObject()
            writer.member("type", "Patient")
            if !input.url.isEmpty { writer.member("inputUrl", input.url) }
            writer.member("count", number: input.stored)
            if input.held > 0 { writer.member("held", number: input.held) }
            writer.endObject()
        }
        writer.endArray()
        writer.key("error")
        writer.beginArray()
        for (index, input) in job.inputs.enumerated() {
            for file in 0..<input.errorFiles {
                writer.beginObject()
                writer.member("type", "OperationOutcome")
                if !input.url.isEmpty { writer.member("inputUrl", input.url) }
                let isLast = file == input.errorFiles - 1
                let full = (input.errorFiles - 1) * ImportJob.errorsOfFile
                writer.member("count", number: isLast ? input.failed - full : ImportJob.errorsOfFile)
                writer.member("url", "\(call.fhirBase)/$import-errors/\(job.id)/\(index)/\(file)")
                writer.endObject()
            }
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func answerFile(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await job(call)
        guard let input = Int(call.path[1]), let file = Int(call.path[2]), input >= 0, file >= 0 else {
            throw .notFound("the import has no such file")
        }
        let name = ImportJob.errors(job.id, input, file)
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        guard let note else { throw .notFound("the import has no such file") }
        return .content(MediaType.fhirNDJSON, note)
    }

    private static func answerDelete(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let job = try await job(call)
        call.services.imports.end(job.id)
        // Where another coordinator carries it out, the missing note tells it to stop; so that one goes first.
        for name in [ImportJob.name(job.id)] + job.notes {
            try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, nil) }
        }
        try await call.ask { (registry) async throws(RegistryError) in
            let running = try await registry.note(ImportJob.running)
            if running == Array(job.id.utf8) { try await registry.note(ImportJob.running, nil) }
        }
        return DoorAnswer(status: 202)
    }
}
