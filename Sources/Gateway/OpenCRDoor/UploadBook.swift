internal import Bytes
internal import Coordinator
internal import JSON

/// The uploads of tables: what was sent, and what became of each row, kept as notes beside the records.
///
/// A table may come as a whole, or, as OpenCR's own script sends it, one Patient at a time under a tag. Each piece of
/// rows takes the next free place of its upload, so that several coordinators may write at once.
struct UploadBook: Sendable {
    /// An upload.
    struct Upload: Sendable {
        var id: String
        var name: String
        /// In milliseconds since 1970.
        var date: UInt64
        var client: String
    }

    /// What became of a row.
    struct Row: Sendable {
        /// The line of the table; 0 where the row came by itself.
        var line: Int
        /// stored, updated, unchanged, held, or rejected.
        var outcome: String
        var source = ""
        var value = ""
        /// Why it was rejected.
        var reason = ""
    }

    /// The system of the tag that names an upload.
    static let tag = "http://openclientregistry.org/fhir/tag/csv"
    /// Uploads that are kept in the list.
    static let limit = 10_000
    /// Notes read together.
    private static let batch = 256
    /// Rows of a piece: about 100 KB.
    static let rowsOfPiece = 500
    /// Longest name of an upload.
    static let nameMax = 128

    let registry: any Registering

    private static func name(_ id: String) -> String { "csv-upload|\(id)" }
    private static func place(_ number: Int) -> String { "csv-uploads|\(number)" }
    private static func piece(_ id: String, _ number: Int) -> String { "csv-rows|\(id)|\(number)" }

    /// Enters an upload, unless it is there already.
    func enter(_ upload: Upload) async throws(RegistryError) {
        guard try await registry.note(new: Self.name(upload.id), upload.encoded()) else { return }
        var number = try await used { Self.place($0) }
        while number < Self.limit {
            if try await registry.note(new: Self.place(number), Array(upload.id.utf8)) { return }
            number += 1
        }
    }

    /// Keeps what became of rows.
    func add(_ rows: [Row], to id: String) async throws(RegistryError) {
        guard !rows.isEmpty else { return }
        let bytes = JSONValue.array(rows.map(\.told)).serialised()
        var number = try await used { Self.piece(id, $0) }
        while try await !registry.note(new: Self.piece(id, number), bytes) { number += 1 }
    }

    /// How many places in a row are taken.
    private func used(_ name: (Int) -> String) async throws(RegistryError) -> Int {
        // A place that is taken has all before it taken: the end is found by halving.
        var upper = 1
        while try await registry.note(name(upper - 1)) != nil { upper *= 2 }
        var lower = upper / 2
        upper -= 1
        while lower < upper {
            let middle = (lower + upper) / 2
            if try await registry.note(name(middle)) == nil { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }

    /// An upload.
    func upload(_ id: String) async throws(RegistryError) -> Upload? {
        try await registry.note(Self.name(id)).flatMap { Upload(id, decoding: $0) }
    }

    /// Every upload, the oldest first.
    func uploads() async throws(RegistryError) -> [Upload] {
        var uploads: [Upload] = []
        try await walk(Self.place) { (notes) throws(RegistryError) in
            let ids = notes.map { String(decoding: $0, as: UTF8.self) }
            let found = try await registry.notes(ids.map(Self.name))
            for (id, note) in zip(ids, found) {
                if let upload = note.flatMap({ Upload(id, decoding: $0) }) { uploads.append(upload) }
            }
        }
        return uploads
    }

    /// What became of the rows of an upload.
    func rows(of id: String) async throws(RegistryError) -> [Row] {
        var rows: [Row] = []
        try await walk({ Self.piece(id, $0) }) { (notes) throws(RegistryError) in
            for note in notes {
                let values = (try? JSONValue(parsing: note.span.bytes))?.array ?? []
                rows += values.map(Row.init)
            }
        }
        return rows
    }

    /// Reads numbered notes up to the first that is missing.
    private func walk(
        _ name: (Int) -> String,
        _ take: ([[UInt8]]) async throws(RegistryError) -> Void
    ) async throws(RegistryError) {
        var number = 0
        while true {
            let notes = try await registry.notes((number..<(number + Self.batch)).map(name))
            let found = Array(notes.prefix { $0 != nil }.compactMap { $0 })
            if !found.isEmpty { try await take(found) }
            guard found.count == Self.batch else { return }
            number += Self.batch
        }
    }
}

extension UploadBook.Upload {
    fileprivate init?(_ id: String, decoding bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes.span.bytes), value["version"]?.integer == 1 else { return nil }
        self.init(
            id: id,
            name: value["name"]?.string ?? "",
            date: UInt64(clamping: value["date"]?.integer ?? 0),
            client: value["client"]?.string ?? ""
        )
    }

    fileprivate func encoded() -> [UInt8] {
        let object: JSONObject = [
            "version": 1, "name": .string(name), "date": .number(JSONNumber(date)), "client": .string(client),
        ]
        return JSONValue.object(object).serialised()
    }
}

extension UploadBook.Row {
    fileprivate init(_ value: JSONValue) {
        self.init(
            line: value["line"]?.integer ?? 0,
            outcome: value["outcome"]?.string ?? "",
            source: value["source"]?.string ?? "",
            value: value["id"]?.string ?? "",
            reason: value["reason"]?.string ?? ""
        )
    }

    /// The row as it is kept and told.
    var told: JSONValue {
        var object: JSONObject = ["line": .number(JSONNumber(line)), "outcome": .string(outcome)]
        if !source.isEmpty { object["source"] = .string(source) }
        if !value.isEmpty { object["id"] = .string(value) }
        if !reason.isEmpty { object["reason"] = .string(reason) }
        return .object(object)
    }
}
