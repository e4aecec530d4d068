internal import Access
internal import Audit
internal import Coordinator
internal import Entrance
internal import Identifiers
internal import JSON

/// `GET /csv/getCSVReport/{id}` and `/csv/report/{id}`: what became of an upload, row by row, as things stand now.
///
/// OpenCR answers the address of a workbook that anybody may fetch; here it is the address of a table that is asked for
/// like everything else.
enum CSVReport {
    static let place = Route(
        "opencr.csv.report-place",
        .openCR,
        "GET",
        "/csv/getCSVReport/{id}",
        access: .search("rs"),
        "Tells where the report of an upload is.",
        answer: answerPlace
    )

    static let route = Route(
        "opencr.csv.report",
        .openCR,
        "GET",
        "/csv/report/{id}",
        access: .search("rs"),
        "Tells what became of each row of an upload, with the matches of its record, as a table.",
        answer: answer
    )

    private static let header =
        "line,outcome,source,record_id,patient,golden_id,matches,potential_matches,conflicts,reason\r\n"
    /// Rows whose records are looked at together.
    private static let batch = 200

    /// Whether the client may see an upload: its own, or any as a steward.
    static func maySee(_ upload: UploadBook.Upload, _ call: DoorCall) -> Bool {
        upload.client == call.request.caller.name || call.grant.permissions.contains(.decide)
    }

    private static func find(_ call: DoorCall) async throws(DoorFault) -> UploadBook.Upload {
        let id = call.path[0]
        let found = try await call.ask { (registry) async throws(RegistryError) in
            try await UploadBook(registry: registry).upload(id)
        }
        guard let upload = found, maySee(upload, call) else { throw .notFound("there is no such upload") }
        return upload
    }

    private static func answerPlace(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let upload = try await find(call)
        return .content(MediaType.plainText, Array("/csv/report/\(PercentCoding.encode(upload.id))".utf8))
    }

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let upload = try await find(call)
        let rows = try await call.ask { (registry) async throws(RegistryError) in
            try await UploadBook(registry: registry).rows(of: upload.id)
        }
        var table = Array(header.utf8)
        var rest = rows[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(batch))
            rest = rest.dropFirst(batch)
            do throws(RegistryError) {
                table += try await lines(some, call.registry)
            } catch {
                throw DoorFault(error)
            }
        }
        return .content(MediaType.csv, table)
    }

    private static func lines(
        _ rows: [UploadBook.Row],
        _ registry: any Registering
    ) async throws(RegistryError) -> [UInt8] {
        var found: [RecordID: StoredRecord] = [:]
        for row in rows where !row.source.isEmpty && !row.value.isEmpty {
            let key = RecordKey(source: row.source, value: row.value)
            if let record = try await registry.record(key), !record.deleted { found[record.id] = record }
        }
        let records = found.values.sorted { $0.id < $1.id }
        let companions = try await registry.companions(of: records)
        let reviews = try await registry.reviews(about: records.map(\.id))
        var text = ""
        for row in rows {
            let id = RecordKey(source: row.source, value: row.value).id
            let place = records.firstIndex { $0.id == id }
            let codes = place.map { reviews[$0].map { OpenCRIssues.code($0.task) } } ?? []
            let fields = [
                row.line > 0 ? "\(row.line)" : "", row.outcome, row.source, row.value,
                place == nil ? "" : id.description, place.flatMap { records[$0].golden?.description } ?? "",
                place.map { "\(companions[$0].count)" } ?? "",
                place == nil ? "" : "\(codes.count { $0 == "potentialMatches" })",
                place == nil ? "" : "\(codes.count { $0 == "conflictMatches" })", row.reason,
            ]
            text += fields.map(quoted).joined(separator: ",") + "\r\n"
        }
        return Array(text.utf8)
    }

    /// A field as RFC 4180 writes it; what a spreadsheet would take for a formula is kept a text.
    private static func quoted(_ field: String) -> String {
        let isFormula = field.first.map { "=+-@".contains($0) } ?? false
        let field = isFormula ? "'" + field : field
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }) else {
            return field
        }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
