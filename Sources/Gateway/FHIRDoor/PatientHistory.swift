internal import Coordinator
internal import FHIR
internal import Identifiers
internal import PatientSearch

/// `GET Patient/{id}/_history`: every version of a record, the newest first.
enum PatientHistory {
    static let route = Route(
        "fhir.patient.history",
        .fhir,
        "GET",
        FHIRDoor.base + "/Patient/{id}/_history",
        access: .read("history-instance"),
        capability: .interaction("history-instance"),
        parameters: [
            RouteParameter("_count", "versions of a page", kind: .number),
            RouteParameter("_since", "only versions from this moment on"),
        ],
        "Reads the versions of a source record, the newest first.",
        answer: answer
    )

    /// The parameter of `next` links: only versions below it follow.
    private static let below = "_below"

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let id = RecordID(call.path[0]) else { throw .notFound("there is no Patient with this id") }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
        guard let current = found else { throw .notFound("there is no Patient with this id") }
        let target = call.request.target
        let options = try SearchOptions(target.items.filter { $0.name == "_count" }, call.limits)
        let count = max(1, options.count)
        let since = try moment(target["_since"])
        let first = target[below].flatMap(UInt32.init).map { min($0, current.version + 1) } ?? current.version + 1
        let last = first > UInt32(count) ? first - UInt32(count) : 1
        let versions = first > 1 ? Array((last..<first).reversed()) : []
        let records = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.record(id: id, versions: versions)
        }
        var bundle = BundleWriter(type: .history, total: Int(current.version))
        let address = "\(call.fhirBase)/Patient/\(id)"
        bundle.link(relation: "self", url: "\(address)/_history")
        if last > 1 {
            bundle.link(relation: "next", url: "\(address)/_history?_count=\(count)&\(below)=\(last)")
        }
        for case let record? in records where since.map({ Int64(clamping: record.updated) >= $0 }) ?? true {
            try append(record, address, &bundle, call)
        }
        return .resource(bundle.finished())
    }

    static func append(
        _ record: StoredRecord,
        _ address: String,
        _ bundle: inout BundleWriter,
        _ call: DoorCall
    ) throws(DoorFault) {
        let method: HTTPVerb = record.deleted ? .delete : record.version == 1 ? .post : .put
        let status = record.deleted ? "204 No Content" : record.version == 1 ? "201 Created" : "200 OK"
        bundle.append(
            fullURL: address,
            resource: record.deleted ? nil : try PatientAnswer.bytes(record, call.configuration),
            request: BundleRequest(method: method, url: method == .post ? "Patient" : "Patient/\(record.id)"),
            response: BundleResponse(
                status: status,
                etag: EntityTag.text(record.version),
                lastModified: FHIRInstant(milliseconds: Int64(clamping: record.updated)).description
            )
        )
    }

    /// The parameter `_since`, in milliseconds since 1970.
    static func moment(_ text: String?) throws(DoorFault) -> Int64? {
        guard let text else { return nil }
        guard let moment = Moments.milliseconds(text) else {
            throw .invalid("must be a moment such as 2026-07-21T08:30:00Z", at: "_since")
        }
        return moment
    }
}
