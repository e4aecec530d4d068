internal import Audit
internal import Bytes
internal import Coordinator
internal import Demographics
internal import FHIR
internal import Identifiers
internal import JSON
internal import PatientMapping
internal import RecordFiles

/// `POST /csv/upload`: stores the rows of a table; `GET /csv/getCSVUpload`: lists what was uploaded.
///
///     curl -H 'Content-Type: text/csv' --data-binary @people.csv \
///         'https://registry.example/csv/upload?name=people.csv&source=urn:clinic&map=Surname=family_name'
///
/// A row that cannot be read or stored is told with its line and stops no other. The same table may be sent again: rows
/// are known by the identifiers of their records.
enum CSVUpload {
    static let path = "/csv/upload"

    static let route = Route(
        "opencr.csv.upload",
        .openCR,
        "POST",
        path,
        access: .write(.execute, "batch"),
        parameters: [
            RouteParameter("name", "The name of the file."),
            RouteParameter(
                "source",
                "The source of rows that name none; the file's name without its ending otherwise."
            ),
            RouteParameter("map", "COLUMN=FIELD for a column that has another name; may be repeated."),
        ],
        "Stores the rows of a table in CSV; answers what became of them.",
        answer: answer
    )

    static let listRoute = Route(
        "opencr.csv.uploads",
        .openCR,
        "GET",
        "/csv/getCSVUpload",
        access: .search("rs"),
        "Lists the uploads of this client; stewards see all.",
        answer: answerList
    )

    static let mediaTypes = ["text/csv", "application/csv", "text/plain", "application/octet-stream"]
    /// Rows that travel through the registry together.
    private static let together = 250
    /// Rejected rows that are told in the answer; all of them are in the report.
    private static let toldRows = 100

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        try JSONBody.require(call.request, mediaTypes)
        let target = call.request.target
        let name = String((target["name"] ?? "upload.csv").prefix(UploadBook.nameMax))
        var options = RecordFileOptions()
        options.format = .csv
        options.source = target["source"]
        options.columns = target.values("map")
        options.mapping = call.configuration.identifiers
        let time = call.services.time()
        let seed = KeyHash.hash("\(time)|\(call.request.caller.name)|\(name)")
        let id = String(KeyHash.mix(seed &+ UInt64(call.request.body.count)), radix: 36)
        let upload = UploadBook.Upload(id: id, name: name, date: time, client: call.request.caller.name)
        var rows: [UploadBook.Row] = []
        do {
            // A table whose header means nothing is no upload.
            var reader = try RecordFileReader(bytes: call.request.body, name: name, options: options)
            try await UploadBook(registry: call.registry).enter(upload)
            rows = try await store(&reader, upload, call)
        } catch let error as RecordFileError {
            throw DoorFault(400, .structure, "\(error)")
        } catch let error as RegistryError {
            throw DoorFault(error)
        } catch {
            throw DoorFault(500, .exception, "\(error)")
        }
        return answer(rows, upload)
    }

    private static func answer(_ rows: [UploadBook.Row], _ upload: UploadBook.Upload) -> DoorAnswer {
        let rejected = rows.filter { $0.outcome == "rejected" }
        let held = rows.count { $0.outcome == "held" }
        let object: JSONObject = [
            "uuid": .string(upload.id), "reportId": .string(upload.id), "name": .string(upload.name),
            "rows": .number(JSONNumber(rows.count)), "stored": .number(JSONNumber(rows.count - rejected.count - held)),
            "held": .number(JSONNumber(held)), "rejected": .number(JSONNumber(rejected.count)),
            "errors": .array(rejected.prefix(toldRows).map(\.told)),
        ]
        return .json(JSONValue.object(object).serialised())
    }

    /// Stores every row, a piece at a time.
    private static func store(
        _ reader: inout RecordFileReader,
        _ upload: UploadBook.Upload,
        _ call: DoorCall
    ) async throws -> [UploadBook.Row] {
        let book = UploadBook(registry: call.registry)
        var all: [UploadBook.Row] = []
        var piece: [UploadBook.Row] = []
        var waiting: [(line: Int, Submission)] = []
        var isOver = false
        while !isOver {
            do throws(RecordFileError) {
                switch try reader.next() {
                case .record(let line, let record, _):
                    do throws(DoorFault) {
                        waiting.append((line, try submission(record, upload, call)))
                    } catch {
                        piece.append(.init(line: line, outcome: "rejected", reason: error.message))
                    }
                case .reject(let line, let value, let reason):
                    piece.append(.init(line: line, outcome: "rejected", value: value ?? "", reason: reason))
                case nil: isOver = true
                }
            } catch {
                // What came before is stored: the report tells where the table broke off.
                piece.append(.init(line: 0, outcome: "rejected", reason: "\(error)"))
                isOver = true
            }
            if waiting.count >= together || isOver {
                piece += await submit(waiting, call)
                waiting = []
            }
            if piece.count >= UploadBook.rowsOfPiece || isOver {
                piece.sort { $0.line < $1.line }
                try await book.add(piece, to: upload.id)
                all += piece
                piece = []
            }
        }
        return all
    }

    private static func submission(
        _ record: SourceRecord,
        _ upload: UploadBook.Upload,
        _ call: DoorCall
    ) throws(DoorFault) -> Submission {
        var document = call.configuration.mapping.encoded(record)
        let tag: JSONObject = [
            "system": .string(UploadBook.tag), "code": .string(upload.id), "display": .string(upload.name),
        ]
        if var object = (try? JSONValue(parsing: document.span.bytes))?.object {
            object["meta"] = .object(["tag": .array([.object(tag)])])
            document = JSONValue.object(object).serialised()
        }
        return try PatientWrite.create(document, ifNoneExist: nil, WriteRules(call)).submission
    }

    private static func submit(_ waiting: [(line: Int, Submission)], _ call: DoorCall) async -> [UploadBook.Row] {
        guard !waiting.isEmpty else { return [] }
        let outcomes = await call.registry.submit(waiting.map(\.1))
        call.services.metrics.wrote(outcomes)
        return zip(waiting, outcomes).map { item, outcome in
            row(item.0, item.1.record.key, outcome)
        }
    }

    /// What became of a write, as a row tells it.
    static func row(_ line: Int, _ key: RecordKey, _ outcome: SubmissionOutcome) -> UploadBook.Row {
        var row = UploadBook.Row(line: line, outcome: "rejected", source: key.source, value: key.value)
        switch outcome {
        case .stored(let stored): row.outcome = stored.unchanged ? "unchanged" : stored.created ? "stored" : "updated"
        case .held: row.outcome = "held"
        case .waiting: row.outcome = "stored"
        case .removed: row.reason = "the record was removed"
        case .refused(let refusal): row.reason = DoorFault(refusal).message
        case .unavailable(let reason, _): row.reason = "\(reason); sending the row again is safe"
        }
        return row
    }

    /// The upload that a Patient is tagged with, as OpenCR's script does it.
    static func tagged(_ document: [UInt8], _ call: DoorCall) -> UploadBook.Upload? {
        // Nearly no document has the tag: only those that hold its name are taken apart.
        guard String(decoding: document, as: UTF8.self).contains(UploadBook.tag),
            let value = try? JSONValue(parsing: document.span.bytes)
        else { return nil }
        for tag in value["meta"]?["tag"]?.array ?? [] where tag["system"]?.string == UploadBook.tag {
            guard let code = tag["code"]?.string, !code.isEmpty, code.utf8.count <= UploadBook.nameMax else { continue }
            return UploadBook.Upload(
                id: code,
                name: String((tag["display"]?.string ?? "").prefix(UploadBook.nameMax)),
                date: call.services.time(),
                client: call.request.caller.name
            )
        }
        return nil
    }

    /// Enters a Patient that came by itself under the tag of its upload.
    static func note(_ write: PatientWrite, _ result: WriteResult, _ call: DoorCall) async throws(DoorFault) {
        guard let upload = tagged(write.submission.document, call) else { return }
        let isNew = result.status == 201 || result.unsearched != nil
        let outcome = result.isHeld ? "held" : isNew ? "stored" : "updated"
        let row = UploadBook.Row(line: 0, outcome: outcome, source: write.key.source, value: write.key.value)
        try await call.ask { (registry) async throws(RegistryError) in
            let book = UploadBook(registry: registry)
            try await book.enter(upload)
            try await book.add([row], to: upload.id)
        }
    }

    private static func answerList(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let all = try await call.ask { (registry) async throws(RegistryError) in
            try await UploadBook(registry: registry).uploads()
        }
        let rows = all.filter { CSVReport.maySee($0, call) }.map { upload in
            let date = FHIRInstant(milliseconds: Int64(clamping: upload.date)).description
            return JSONValue.object([
                "uuid": .string(upload.id), "reportId": .string(upload.id), "name": .string(upload.name),
                "date": .string(date),
            ])
        }
        return .json(JSONValue.array(rows).serialised())
    }
}
