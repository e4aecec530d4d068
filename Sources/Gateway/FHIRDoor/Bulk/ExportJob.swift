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
    /// Most files of a job.
    static let fileLimit = 10_000

    let id: String
    /// When it was asked for, in milliseconds since 1970.
    let time: Int64
    /// The request as it was sent.
    let request: String
    /// Only Patients written from this moment on.
    let since: Int64?
    let elements: [String]
    /// 0 where nothing of what is wanted is kept here.
    let files: Int

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
            "elements": .array(elements.map { .string($0) }),
        ]
        if let since { object["since"] = .number(JSONNumber(Int(since))) }
        return JSONValue.object(object).serialised()
    }

    init(id: String, time: Int64, request: String, since: Int64?, elements: [String], files: Int) {
        self.id = id
        self.time = time
        self.request = request
        self.since = since
        self.elements = elements
        self.files = files
    }

    /// Reads the note of a job.
    ///
    /// - Throws: a 404 where there is none.
    init(_ id: String, _ call: DoorCall) async throws(DoorFault) {
        let name = Self.name(id)
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        guard let note, let value = try? JSONValue(parsing: note.span.bytes), let time = value["time"]?.integer,
            let files = value["files"]?.integer
        else { throw .notFound("there is no such export") }
        self.init(
            id: id,
            time: Int64(time),
            request: value["request"]?.string ?? "",
            since: value["since"]?.integer.map(Int64.init),
            elements: value["elements"]?.array?.compactMap(\.string) ?? [],
            files: files
        )
    }

    /// The name of the note that keeps a job.
    static func name(_ id: String) -> String { "export|\(id)" }
}
