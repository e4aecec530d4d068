internal import Coordinator
internal import FHIR
internal import JSON

/// A bulk import: what was asked for, how far it is, and what went wrong; kept as notes, so that any coordinator tells,
/// and another one can go on with it.
struct ImportJob: Sendable {
    /// One input of an import.
    struct Input: Sendable, Hashable {
        /// Where it lies; empty for the body of the request.
        var url: String
        /// Lines that were dealt with: what comes after them is not stored yet, or not known to be.
        var line = 0
        var stored = 0
        var held = 0
        var failed = 0
        /// Files of errors, each a note.
        var errorFiles = 0
    }

    /// Where an import is.
    enum State: String, Sendable {
        /// Its request is not kept as a whole yet: nobody has been promised anything.
        case receiving
        case running, done, cancelled
    }

    /// Errors of a file: about 100 KB.
    static let errorsOfFile = 500
    /// Files of errors of an input: further errors are counted only.
    static let errorFileLimit = 40
    /// Milliseconds without a sign of life after which another coordinator goes on with an import.
    static let patience: UInt64 = 10_000
    /// Bytes of a body that are kept in one note.
    static let bodyPiece = 1 << 20
    /// The note that names the import under way.
    static let running = "import-running"

    let id: String
    /// When it was asked for, in milliseconds since 1970.
    let time: UInt64
    /// The request as it was sent.
    let request: String
    /// The client that asked.
    let client: String
    var state = State.receiving
    /// The last sign of life, in milliseconds since 1970.
    var updated: UInt64
    var inputs: [Input]
    /// The input that is dealt with.
    var current = 0
    /// Notes that keep the body of the request.
    var bodyPieces = 0
    /// Who carries it out: whoever took it up last; anybody else who still does stops.
    var runner: UInt64 = 0

    /// The name of the note that keeps a job.
    static func name(_ id: String) -> String { "import|\(id)" }

    /// The name of the note that keeps a file of errors.
    static func errors(_ id: String, _ input: Int, _ file: Int) -> String { "import-errors|\(id)|\(input)|\(file)" }

    /// The name of the note that keeps a piece of the request's body.
    static func body(_ id: String, _ piece: Int) -> String { "import-body|\(id)|\(piece)" }

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
        guard let job = note.flatMap({ ImportJob(id, decoding: $0) }) else {
            throw .notFound("there is no such import")
        }
        self = job
    }

    /// Reads what `encoded` wrote; anything else is no job.
    init?(_ id: String, decoding bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes.span.bytes), let time = value["time"]?.integer,
            let state = value["state"]?.string.flatMap(State.init(rawValue:))
        else { return nil }
        self.init(
            id: id,
            time: UInt64(clamping: time),
            request: value["request"]?.string ?? "",
            client: value["client"]?.string ?? "",
            inputs: (value["inputs"]?.array ?? []).map { input in
                Input(
                    url: input["url"]?.string ?? "",
                    line: input["line"]?.integer ?? 0,
                    stored: input["stored"]?.integer ?? 0,
                    held: input["held"]?.integer ?? 0,
                    failed: input["failed"]?.integer ?? 0,
                    errorFiles: input["errorFiles"]?.integer ?? 0
                )
            }
        )
        self.state = state
        updated = UInt64(clamping: value["updated"]?.integer ?? 0)
        current = value["current"]?.integer ?? 0
        bodyPieces = value["bodyPieces"]?.integer ?? 0
        runner = value["runner"]?.string.flatMap { UInt64($0) } ?? 0
    }

    func encoded() -> [UInt8] {
        let object: JSONObject = [
            "time": .number(JSONNumber(time)), "request": .string(request), "client": .string(client),
            "state": .string(state.rawValue), "updated": .number(JSONNumber(updated)),
            "current": .number(JSONNumber(current)), "bodyPieces": .number(JSONNumber(bodyPieces)),
            // 64 bits are more than a number of JSON holds exactly everywhere.
            "runner": .string("\(runner)"),
            "inputs": .array(
                inputs.map { input in
                    .object([
                        "url": .string(input.url), "line": .number(JSONNumber(input.line)),
                        "stored": .number(JSONNumber(input.stored)), "held": .number(JSONNumber(input.held)),
                        "failed": .number(JSONNumber(input.failed)),
                        "errorFiles": .number(JSONNumber(input.errorFiles)),
                    ])
                }
            ),
        ]
        return JSONValue.object(object).serialised()
    }

    /// Every note that belongs to the job besides its own.
    var notes: [String] {
        var names = (0..<max(0, bodyPieces)).map { Self.body(id, $0) }
        for (index, input) in inputs.enumerated() {
            // The file that was being written when the job was kept last is not counted yet.
            names += (0...min(max(0, input.errorFiles), Self.errorFileLimit)).map { Self.errors(id, index, $0) }
        }
        return names
    }
}
