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
        var job = ImportJob(
            id: String(KeyHash.mix(seed &+ UInt64(call.request.body.count)), radix: 36),
            time: time,
            request: "\(call.fhirBase)/$import",
            client: call.request.caller.name,
            inputs: inputs
        )
        job.runner = UInt64.random(in: 1...UInt64.max)
        let desk = call.services.imports
        guard desk.begin(job.id) else { throw busy }
        do throws(DoorFault) {
            job = try await keep(job, body: isBody ? call.request.body : [], call)
        } catch {
            desk.end(job.id)
            throw error
        }
        let registry = registry(call.grant, call.request, call.services)
        let run = ImportRun(job, services: call.services, registry: registry)
        Task { await run.run() }
        var answer = DoorAnswer(status: 202)
        answer.headers["content-location"] = "\(call.fhirBase)/$import-status/\(job.id)"
        return answer
    }

    private static let busy = DoorFault.busy("another import is under way", after: 5, status: 429)

    /// Keeps everything that going on with the job takes, before it is acknowledged.
    ///
    /// - Throws: a 429 while another one is under way anywhere in the cluster.
    private static func keep(
        _ job: ImportJob,
        body: [UInt8],
        _ call: DoorCall
    ) async throws(DoorFault) -> ImportJob {
        var job = job
        let id = Array(job.id.utf8)
        let name = ImportJob.name(job.id)
        let received = job.encoded()
        try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, received) }
        // A name that was left behind by a job that ended is taken away by the leader.
        let isFree = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.note(new: ImportJob.running, id)
        }
        guard isFree else {
            try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, nil) }
            throw busy
        }
        do throws(DoorFault) {
            var rest = body[...]
            while !rest.isEmpty {
                let (name, piece) = (ImportJob.body(job.id, job.bodyPieces), Array(rest.prefix(ImportJob.bodyPiece)))
                rest = rest.dropFirst(ImportJob.bodyPiece)
                try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, piece) }
                job.bodyPieces += 1
            }
            job.state = .running
            let note = job.encoded()
            try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, note) }
        } catch {
            try? await call.registry.note(ImportJob.running, nil)
            throw error
        }
        return job
    }

    /// The registry as whoever asked may write it; every piece is remembered by itself before it is acknowledged.
    ///
    /// The request is known where it is carried out by the coordinator that took it.
    static func registry(
        _ grant: Grant,
        _ request: DoorRequest?,
        _ services: DoorCall.Services
    ) -> any Registering {
        let guarded = GuardedRegistry(services.registry, grant)
        guard services.recorder.isOn else { return guarded }
        var sent = request ?? DoorRequest(method: "POST", target: RequestTarget(segments: ["fhir", "$import"]))
        sent.caller = Caller(grant: grant)
        sent.body = []
        return guarded.recording { [sent] notes in
            await RequestRecord(route: route, request: sent, notes: notes).leave(200, "", services)?.detail
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
            let detail = "this registry fetches no files: send the lines as the body"
            throw DoorFault(400, .notSupported, detail, at: "input")
        }
        // Addresses that are kept from clients are refused before anything is answered, the others when their turn
        // comes.
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
