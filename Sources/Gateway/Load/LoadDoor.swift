internal import Audit
internal import Coordinator

/// `POST /api/v1/load`: a stream of FHIR Patients (or Bundles of them), one a line, answered by a stream of results.
///
/// The results come in the order of the lines, one for each Patient, while the request is still being sent:
///
///     {"line":1,"source":"urn:clinic","id":"17","golden":"…","version":1,"created":true}
///     {"line":2,"error":{"code":"value","field":"Patient.birthDate","message":"…"}}
///     {"line":3,"entry":0,"source":"urn:clinic","id":"18","golden":"…","version":1,"created":true}
///     {"line":4,"retry":true,"error":{"code":"transient","field":"","message":"…"}}
///
/// Lines are counted from 1, empty ones as well, though those have no result; a line that is a Bundle has a result for
/// each entry, counted from 0. A line that is refused never stops the others; one marked `retry` may be sent again,
/// since writes are idempotent. The wire's flow control holds the sender back.
enum LoadDoor {
    static let path = NativeDoor.base + "/load"

    static let route = Route(
        "native.load",
        .native,
        "POST",
        path,
        access: .write(.execute, "batch"),
        "Stores a stream of FHIR Patients or Bundles, one a line (NDJSON); answers one result a Patient, in order.",
        answer: answer
    )

    /// The same for a body that is there as a whole.
    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try JSONBody.require(call.request, mediaTypes)
        let input = ChunkQueue(call.request.body)
        let output = ByteCollector()
        let pipeline = LoadPipeline<Never>(
            submit: { [registry = call.registry] in await registry.submit($0) },
            configuration: call.configuration,
            metrics: call.services.metrics,
            input: { await input.next() },
            output: { await output.append($0) }
        )
        await pipeline.run()
        return .content(MediaType.ndjson, await output.bytes)
    }

    static let mediaTypes = [
        "application/x-ndjson", "application/ndjson", "application/fhir+ndjson", "application/json",
        "application/octet-stream",
    ]
}

/// A body as a stream of one chunk.
private actor ChunkQueue {
    private var chunk: [UInt8]?

    init(_ chunk: [UInt8]) { self.chunk = chunk }

    func next() -> [UInt8]? {
        defer { chunk = nil }
        return chunk
    }
}

/// Keeps what a stream would send.
private actor ByteCollector {
    private(set) var bytes: [UInt8] = []

    func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }
}
