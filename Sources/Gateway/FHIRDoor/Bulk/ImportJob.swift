internal import Coordinator
internal import FHIR
internal import JSON

/// A bulk import: what was asked for, how far it is, and what went wrong; kept as notes, so that any coordinator tells.
struct ImportJob: Sendable {
    /// One input of an import.
    struct Input: Sendable, Hashable {
        /// Where it lies; empty for the body of the request.
        var url: String
        var stored = 0
        var held = 0
        var failed = 0
        /// Files of errors, each a note.
        var errorFiles = 0
    }

    /// Where an import is.
    enum State: String, Sendable {
        case running, done, cancelled
    }

    /// Errors of a file: about 100 KB.
    static let errorsOfFile = 500
    /// Files of errors of an input: further errors are counted only.
    static let errorFileLimit = 40
    /// Milliseconds without a sign of life after which an import counts as broken off.
    static let patience: UInt64 = 60_000

    let id: String
    /// When it was asked for, in milliseconds since 1970.
    let time: UInt64
    /// The request as it was sent.
    let request: String
    /// The client that asked.
    let client: String
    var state = State.running
    /// The last sign of life, in milliseconds since 1970.
    var updated: UInt64
    var inputs: [Input]

    /// The name of the note that keeps a job.
    static func name(_ id: String) -> String { "import|\(id)" }

    /// The name of the note that keeps a file of errors.
    static func errors(_ id: String, _ input: Int, _ file: Int) -> String { "import-errors|\(id)|\(input)|\(file)" }

    init(id: String, time: UInt64, request: String, client: String, inputs: [Input]) {
        self.id = id
        self.time = time
        self.request = request
        self.client = client
        self.inputs = inputs
        updated = time
    }

    /// Reads the note of a job.
    ///
    /// - Throws: a 404 where there is none.
    init(_ id: String, _ call: DoorCall) async throws(DoorFault) {
        let name = Self.name(id)
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        guard let note, let value = try? JSONValue(parsing: note.span.bytes), let time = value["time"]?.integer,
            let state = value["state"]?.string.flatMap(State.init(rawValue:))
        else { throw .notFound("there is no such import") }
        self.init(
            id: id,
            time: UInt64(clamping: time),
            request: value["request"]?.string ?? "",
            client: value["client"]?.string ?? "",
            inputs: (value["inputs"]?.array ?? []).map { input in
                Input(
                    url: input["url"]?.string ?? "",
                    stored: input["stored"]?.integer ?? 0,
                    held: input["held"]?.integer ?? 0,
                    failed: input["failed"]?.integer ?? 0,
                    errorFiles: input["errorFiles"]?.integer ?? 0
                )
            }
        )
        self.state = state
        updated = UInt64(clamping: value["updated"]?.integer ?? 0)
    }

    func encoded() -> [UInt8] {
        let object: JSONObject = [
            "time": .number(JSONNumber(time)), "request": .string(request), "client": .string(client),
            "state": .string(state.rawValue), "updated": .number(JSONNumber(updated)),
            "inputs": .array(
                inputs.map { input in
                    .object([
                        "url": .string(input.url), "stored": .number(JSONNumber(input.stored)),
                        "held": .number(JSONNumber(input.held)), "failed": .number(JSONNumber(input.failed)),
                        "errorFiles": .number(JSONNumber(input.errorFiles)),
                    ])
                }
            ),
        ]
        return JSONValue.object(object).serialised()
    }
}
