import PatientMapping

/// Reads a file of patient records as a stream, whatever its format; bad input is reported and never stops it.
///
///     var reader = try RecordFileReader(path: "patients.csv.gz")
///     while let item = try reader.next() {
///         switch item {
///         case .record(let line, let record, _): send(record, line)
///         case .reject(let line, let recordID, let reason): rejects.append(line, recordID, reason)
///         }
///     }
///
/// `next` throws only when the file itself breaks off or cannot be read further; every record before was given.
/// A reader is used by one task at a time.
public struct RecordFileReader {
    private let input: InputFile
    /// Where rows come from, for a table.
    private var table: CSVReader?
    private var rows: RowDecoding?
    private var row = CSVRow()
    /// Where lines come from, for FHIR.
    private var lines: NDJSONReader?
    private let patients: PatientLine
    /// Items of the line read last that were not given yet, the next one last.
    private var waiting: [RecordFileItem] = []
    private var failure: RecordFileError?

    /// What the file holds: `csv` or `ndjson`.
    public let format: FileFormat
    /// Columns of a table that mean nothing to us, to be reported once.
    public let unmappedColumns: [String]
    /// Columns of a table that were understood by other names than the fields', to be reported once.
    public let customColumns: [ColumnMapping.CustomColumn]

    /// Opens a file; `.gz` is unfolded, `-` is standard input.
    ///
    /// - Throws: `RecordFileError` when it cannot be opened or its header cannot be used.
    public init(path: String, options: RecordFileOptions = RecordFileOptions()) throws(RecordFileError) {
        try self.init(try InputFile(path: path), name: path, options: options)
        // A pipe can be read only once.
        if size != nil { lookAtDates { () throws(RecordFileError) in try InputFile(path: path) } }
    }

    /// Reads from bytes in memory.
    ///
    /// - Throws: `RecordFileError` when a header cannot be used.
    public init(
        bytes: [UInt8],
        name: String = "records",
        options: RecordFileOptions = RecordFileOptions()
    ) throws(RecordFileError) {
        try self.init(try InputFile(bytes: bytes), name: name, options: options)
        lookAtDates { () throws(RecordFileError) in try InputFile(bytes: bytes) }
    }

    init(_ input: InputFile, name: String, options: RecordFileOptions) throws(RecordFileError) {
        self.input = input
        var window = ByteWindow(input.source)
        format = try Self.format(of: &window, name: name, options: options)
        patients = PatientLine(mapping: PatientMapping(settings: options.mapping))
        if format == .ndjson {
            lines = NDJSONReader(window: window)
            rows = nil
            unmappedColumns = []
            customColumns = []
            return
        }
        var table = CSVReader(window: window)
        let columns = try ColumnMapping(header: try Self.header(of: &table), overrides: options.columns)
        table.requireFields(columns.fields.count)
        unmappedColumns = columns.unmapped
        customColumns = columns.custom
        rows = RowDecoding(
            fields: columns.fields,
            defaultSource: options.source ?? Self.stem(of: name),
            nationalSystem: options.mapping.nationalSystem
        )
        self.table = table
    }

    /// Reads the column of birth dates once to see how it is written: all of it where that is a question.
    ///
    /// A file that breaks off is told of when its records are read.
    private mutating func lookAtDates(_ open: () throws(RecordFileError) -> InputFile) {
        guard let rows, let column = rows.fields.firstIndex(of: .birthDate) else { return }
        var dates = DateColumn()
        do throws(RecordFileError) {
            var table = CSVReader(try open().source)
            var row = CSVRow()
            _ = try table.next(&row)
            table.requireFields(rows.fields.count)
            var count = 0
            reading: while count < DateColumn.firstLook || dates.isOpen {
                switch try table.next(&row) {
                case .row: dates.add(row.bytes(column))
                case .fault: break
                case .end: break reading
                }
                count += 1
            }
        } catch {}
        self.rows?.dates = dates
    }

    /// What to tell of the columns, one sentence each; empty where every column is named after its field.
    public var columnNotes: [String] {
        var notes: [String] = []
        if let note = rows?.dates.note { notes.append(note) }
        if !customColumns.isEmpty {
            let columns = customColumns.map { "\($0.column) as \($0.field.rawValue)" }.joined(separator: ", ")
            notes.append("columns read: \(columns)")
        }
        if !unmappedColumns.isEmpty {
            let columns = unmappedColumns.joined(separator: ", ")
            notes.append("columns not used: \(columns) (--map COLUMN=FIELD uses one)")
        }
        return notes
    }

    /// Bytes of the file that were read, compressed as they may be; for progress.
    public var bytesRead: Int { input.file?.bytesRead ?? 0 }

    /// Size of the file in bytes; `nil` when it is not known.
    public var size: Int? { input.file?.size }

    /// The next record or reject; `nil` at the end.
    ///
    /// - Throws: `RecordFileError` when the file breaks off; the same again on further calls.
    public mutating func next() throws(RecordFileError) -> RecordFileItem? {
        if let failure { throw failure }
        if let item = waiting.popLast() { return item }
        do throws(RecordFileError) {
            return table == nil ? try readLine() : try readRow()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func readLine() throws(RecordFileError) -> RecordFileItem? {
        switch try lines?.next() {
        case .end, nil: return nil
        case .fault(let line, let reason): return .reject(line: line, recordID: nil, reason: reason)
        case .line(let line, let bytes):
            waiting = patients.items(line: line, Array(bytes)).reversed()
            return waiting.popLast()
        }
    }

    private mutating func readRow() throws(RecordFileError) -> RecordFileItem? {
        switch try table?.next(&row) {
        case .end, nil: return nil
        case .fault(let line, let reason): return .reject(line: line, recordID: nil, reason: reason)
        case .row:
            guard let rows else { preconditionFailure("a table without its columns") }
            do throws(RowDecoding.Refusal) {
                return .record(line: row.line, try rows.record(from: row), patient: nil)
            } catch {
                return .reject(line: row.line, recordID: error.recordID, reason: error.reason)
            }
        }
    }

    private static func header(of table: inout CSVReader) throws(RecordFileError) -> [String] {
        var row = CSVRow()
        switch try table.next(&row) {
        case .row:
            guard row.isUTF8 else { throw .unreadableHeader(reason: "not valid UTF-8") }
            return row.texts
        case .fault(_, let reason): throw .unreadableHeader(reason: reason)
        case .end: throw .empty
        }
    }

    private static func format(
        of window: inout ByteWindow,
        name: String,
        options: RecordFileOptions
    ) throws(RecordFileError) -> FileFormat {
        // The first piece may be two bytes, those that were looked at for compression.
        while window.count < 4, try window.fill() {}
        if let foreign = FileFormat.foreignKind(window.bytes) { throw foreign }
        guard options.format == .auto else { return options.format }
        if let format = FileFormat(name: name) { return format }
        while true {
            if let format = FileFormat(firstBytes: window.bytes) { return format }
            guard window.count <= CSVReader.rowBytesMax, try window.fill() else { return .csv }
        }
    }

    /// The file's name without folders and endings: `data/clinic.csv.gz` is `clinic`.
    private static func stem(of name: String) -> String {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        let stem = last.split(separator: ".").first.map(String.init) ?? last
        return stem.isEmpty || name == "-" ? "file" : stem
    }
}
