internal import Bytes
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientSearch

/// `GET $export` and `GET Patient/$export`: asks for all Patients as NDJSON files (FHIR Bulk Data Access 2).
enum ExportStart {
    static let route = Route(
        "fhir.export",
        .fhir,
        "GET",
        FHIRDoor.base + "/$export",
        access: .search("rs"),
        "Begins an export of all Patients.",
        answer: answer
    )

    static let patientRoute = Route(
        "fhir.patient.export",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient/$export",
        access: .search("rs"),
        capability: .operation(
            "export",
            definition: "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export"
        ),
        "Begins an export of all Patients.",
        answer: answer
    )

    private static let formats: Set = ["application/fhir+ndjson", "application/ndjson", "ndjson"]

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard call.request.headers.list("prefer")?.contains("respond-async") == true else {
            throw DoorFault(400, .required, "an export is answered later: send Prefer: respond-async", at: "Prefer")
        }
        let target = call.request.target
        for format in target.values("_outputFormat") where !formats.contains(format.replacing(" ", with: "+")) {
            throw DoorFault(400, .notSupported, "files are application/fhir+ndjson", at: "_outputFormat")
        }
        if target["_typeFilter"] != nil {
            throw DoorFault(400, .notSupported, "the parameter is not supported", at: "_typeFilter")
        }
        let types = target.values("_type").flatMap { $0.split(separator: ",") }
        let isLenient = call.request.headers.list("prefer")?.contains("handling=lenient") == true
        if !isLenient, let other = types.first(where: { $0 != "Patient" }) {
            throw DoorFault(400, .notSupported, "no resources of the type \(other.prefix(64)) are here", at: "_type")
        }
        var since: Int64?
        if let text = target["_since"] {
            guard let moment = Moments.milliseconds(text) else {
                throw .invalid("must be a moment such as 2026-07-21T08:30:00Z", at: "_since")
            }
            since = moment
        }
        let time = Int64(clamping: call.services.time())
        let records = Int(clamping: await call.registry.status().records)
        let files = min(ExportJob.fileLimit, records / ExportJob.patientsOfFile + 1)
        let query = target.items.map { "\($0.name)=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
        let address = call.fhirBase + call.request.target.segments.dropFirst().map { "/" + $0 }.joined()
        let end = try await call.ask { (registry) async throws(RegistryError) in try await registry.latest() }.rawValue
        let start = since == nil ? end : try await ExportMoment.before(since ?? 0, end, call)
        let wanted = types.isEmpty || types.contains("Patient")
        let seed = KeyHash.hash("\(time)|\(query)|\(call.request.caller.name)|\(records)")
        let job = ExportJob(
            id: String(KeyHash.mix(seed), radix: 36),
            client: call.request.caller.name,
            time: time,
            request: query.isEmpty ? address : "\(address)?\(query)",
            since: since,
            elements: target.values("_elements").flatMap { $0.split(separator: ",").map(String.init) },
            files: wanted ? files : 0,
            start: start,
            end: end,
            removals: wanted && end > start ? Int(clamping: (end - start - 1) / ExportJob.writesOfFile + 1) : 0
        )
        let (name, note) = (ExportJob.name(job.id), job.encoded())
        try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, note) }
        var answer = DoorAnswer(status: 202)
        answer.headers["content-location"] = "\(call.fhirBase)/$export-status/\(job.id)"
        return answer
    }
}
