internal import Bytes
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// A bulk export that was asked for: what is wanted, and in how many files it comes.
///
/// Each file holds the Patients whose addresses lie in one part of all addresses, which are spread evenly; so a job is
/// a note of a few bytes, any coordinator can serve any of its files, and a file can be fetched again.
struct ExportJob: Sendable {
    /// Patients of a file, about: 5 MB.
    static let patientsOfFile = 2_500
    /// Writes that are looked at for one file of removals.
    static let writesOfFile: UInt64 = 50_000
    /// Most files of a job.
    static let fileLimit = 10_000

    let id: String
    /// The client that asked.
    let client: String
    /// When it was asked for, in milliseconds since 1970: what is exported is as it was then.
    let time: Int64
    /// The last write before that.
    let end: UInt64
    /// The request as it was sent.
    let request: String
    /// Only Patients written from this moment on.
    let since: Int64?
    let elements: [String]
    /// 0 where nothing of what is wanted is kept here.
    let files: Int
    /// The last write before `since`: removals are among those after it.
    let start: UInt64
    /// Files of removals: none where everything is asked for.
    let removals: Int

    /// The addresses of a file's Patients; `nil` where there is no such file.
    func range(of file: Int) -> ClosedRange<UInt64>? {
        guard (0..<files).contains(file) else { return nil }
        let width = UInt64.max / UInt64(files)
        let lower = UInt64(file) * width
        return lower...(file == files - 1 ? .max : lower + width - 1)
    }

    func encoded() -> [UInt8] {
        var object: JSONObject = [
            "time": .number(JSONNumber(Int(time))), "request": .string(request), "files": .number(JSONNumber(files)),
            "elements": .array(elements.map { .string($0) }), "client": .string(client),
            "start": .string("\(start)"), "end": .string("\(end)"), "removals": .number(JSONNumber(removals)),
        ]
        if let since { object["since"] = .number(JSONNumber(Int(since))) }
        return JSONValue.object(object).serialised()
    }

    init(
        id: String,
        client: String,
        time: Int64,
        request: String,
        since: Int64?,
        elements: [String],
        files: Int,
        start: UInt64,
        end: UInt64,
        removals: Int
    ) {
        self.id = id
        self.client = client
        self.time = time
        self.request = request
        self.since = since
        self.elements = elements
        self.files = files
        self.start = start
        self.end = end
        self.removals = removals
    }

    /// Reads the note of a job that the caller asked for.
    ///
    /// - Throws: a 404 where there is none.
    init(_ id: String, _ call: DoorCall) async throws(DoorFault) {
        let name = Self.name(id)
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        guard let note, let value = try? JSONValue(parsing: note.span.bytes), let time = value["time"]?.integer,
            let files = value["files"]?.integer, let end = value["end"]?.string.flatMap({ UInt64($0) }),
            let client = value["client"]?.string, client == call.request.caller.name
        else { throw .notFound("there is no such export") }
        self.init(
            id: id,
            client: client,
            time: Int64(time),
            request: value["request"]?.string ?? "",
            since: value["since"]?.integer.map(Int64.init),
            elements: value["elements"]?.array?.compactMap(\.string) ?? [],
            files: files,
            start: value["start"]?.string.flatMap { UInt64($0) } ?? end,
            end: end,
            removals: value["removals"]?.integer ?? 0
        )
    }

    /// The name of the note that keeps a job.
    static func name(_ id: String) -> String { "export|\(id)" }
}
