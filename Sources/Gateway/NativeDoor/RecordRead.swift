internal import Coordinator
internal import FHIR
internal import JSON

/// `GET /api/v1/records/{source}/{id}`: a source record, both parts percent-encoded.
enum RecordRead {
    static let route = Route(
        "native.record",
        .native,
        "GET",
        NativeDoor.base + "/records/{source}/{id}",
        access: .read("read"),
        "Reads a source record with its document and its golden identifier.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let key = try RecordNames.key(source: call.path[0], value: call.path[1], at: "source, id", in: call)
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
        guard let record = found else { throw .notFound("there is no such record") }
        guard !record.deleted else {
            throw DoorFault(410, .deleted, "the record was removed; version \(record.version) is its removal")
        }
        var writer = JSONWriter(capacity: record.document.count + 512)
        writer.record(record)
        return .json(writer.bytes)
    }
}
