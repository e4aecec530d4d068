internal import Audit
internal import Bytes
internal import Coordinator
internal import Entrance
internal import FHIR
internal import JSON

/// `POST $import`: stores Patients from NDJSON, later and in the background (FHIR Bulk Data, draft).
///
///     {"inputFormat": "application/fhir+ndjson", "inputSource": "https://ehr.example",
///      "input": [{"type": "Patient", "url": "https://ehr.example/files/1.ndjson"}]}
///
/// The lines may be the body of the request as well (`Content-Type: application/fhir+ndjson`).
enum ImportStart {
    static let route = Route(
        "fhir.import",
        .fhir,
        "POST",
        FHIRDoor.base + "/$import",
        access: .write(.execute, "operation", ""),
        "Begins an import of Patients from NDJSON.",
        answer: answer
    )

    /// Inputs of one import.
    private static let inputLimit = 1_000
    private static let formats: Set = ["application/fhir+ndjson", "application/ndjson", "application/x-ndjson"]

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard call.request.headers.list("prefer")?.contains("respond-async") == true else {
            throw DoorFault(400, .required, "an import is answered later: send Prefer: respond-async", at: "Prefer")
        }
        let type = call.request.headers["content-type"].map { ContentNegotiation.Range($0[...]).type } ?? ""
        let isBody = formats.contains(type)
        let inputs = isBody ? [ImportJob.Input(url: "")] : try await manifest(call)
        let time = call.services.time()
        let seed = KeyHash.hash("\(time)|\(call.request.caller.name)|\(inputs.map(\.url).joined(separator: "|"))")
        let job = ImportJob(
            id: String(KeyHash.mix(seed &+ UInt64(call.request.body.count)), radix: 36),
            time: time,
            request: "\(call.fhirBase)/$import",
            client: call.request.caller.name,
            inputs: inputs
        )
        let desk = call.services.imports
        guard desk.begin(job.id) else {
            throw .busy("another import is under way", after: 5, status: 429)
        }
        do throws(DoorFault) {
            let (name, note) = (ImportJob.name(job.id), job.encoded())
            try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, note) }
        } catch {
            desk.end(job.id)
            throw error
        }
        let run = ImportRun(job, services: call.services, registry: registry(call))
        let body = isBody ? call.request.body : nil
        Task { await run.run(body: body) }
        var answer = DoorAnswer(status: 202)
        answer.headers["content-location"] = "\(call.fhirBase)/$import-status/\(job.id)"
        return answer
    }

    /// The registry as whoever asks may write it; every piece is remembered by itself before it is acknowledged.
    private static func registry(_ call: DoorCall) -> any Registering {
        let guarded = GuardedRegistry(call.services.registry, call.grant)
        guard call.services.recorder.isOn else { return guarded }
        return guarded.recording { [services = call.services, request = call.request] notes in
            await RequestRecord(route: route, request: request, notes: notes).leave(200, "", services)?.detail
        }
    }

    /// The files that a request names.
    private static func manifest(_ call: DoorCall) async throws(DoorFault) -> [ImportJob.Input] {
        try JSONBody.require(call.request, ["application/json", "application/fhir+json"])
        let body = try JSONBody.parse(call.request.body)
        if let format = body["inputFormat"]?.string, !formats.contains(format) {
            throw DoorFault(400, .notSupported, "files are application/fhir+ndjson", at: "inputFormat")
        }
        guard let items = body["input"]?.array, !items.isEmpty, items.count <= inputLimit else {
            throw DoorFault(400, .required, "1 to \(inputLimit) inputs are needed", at: "input")
        }
        var inputs: [ImportJob.Input] = []
        for (index, item) in items.enumerated() {
            guard item["type"]?.string == "Patient" else {
                throw DoorFault(400, .notSupported, "only Patient is imported", at: "input[\(index)].type")
            }
            guard let url = item["url"]?.string, url.hasPrefix("https://") || url.hasPrefix("http://") else {
                throw DoorFault(400, .value, "must be an http or https URL", at: "input[\(index)].url")
            }
            inputs.append(ImportJob.Input(url: url))
        }
        guard let source = call.services.bulk else {
            throw DoorFault(400, .notSupported, "this registry fetches no files: send the lines as the body")
        }
        // Addresses that are kept from clients are refused before anything is answered, the others when their turn comes.
        for (index, input) in inputs.enumerated() {
            do throws(BulkSourceFault) {
                try await source.check(input.url)
            } catch {
                throw DoorFault(400, .security, error.reason, at: "input[\(index)].url")
            }
        }
        return inputs
    }
}
