/// Records with the class that a column gives them: the truth of a test set, or the persons of a links file.
///
/// Unlike a file of patients, such a file must be right in every line: a score over part of it would mislead.
public struct LabelledRecords: Sendable, Hashable {
    /// Columns that may hold the persons of a links file, the first one that is there counting.
    public static let personColumns = ["golden_id", "cluster_id", "person_id", "entity_id"]
    /// The column that holds the truth of a test set.
    public static let truthColumns = ["entity_id"]

    /// The records in the order of the file, by `record_id`.
    public private(set) var recordIDs: [String] = []
    /// The class of each record.
    public private(set) var labels: [String] = []

    /// Records without a file.
    public init(_ pairs: some Sequence<(recordID: String, label: String)>) {
        for (recordID, label) in pairs {
            recordIDs.append(recordID)
            labels.append(label)
        }
    }

    /// The truth of a test set: its columns `record_id` and `entity_id`.
    ///
    /// - Throws: `RecordFileError` when the file or a line of it cannot be used.
    public static func truth(path: String) throws(RecordFileError) -> LabelledRecords {
        try LabelledRecords(CSVReader(path: path), columns: truthColumns)
    }

    /// The persons of a links file: `record_id` and the first of `personColumns` that is there.
    ///
    /// - Throws: `RecordFileError` when the file or a line of it cannot be used.
    public static func links(path: String) throws(RecordFileError) -> LabelledRecords {
        try LabelledRecords(CSVReader(path: path), columns: personColumns)
    }

    init(_ reader: CSVReader, columns: [String]) throws(RecordFileError) {
        var reader = reader
        var row = CSVRow()
        guard case .row = try reader.next(&row) else { throw .empty }
        let header = row.texts.map { $0.trimmed }
        guard let record = header.firstIndex(of: "record_id") else { throw .missingColumn("record_id", found: header) }
        guard let label = columns.lazy.compactMap({ header.firstIndex(of: $0) }).first else {
            throw .missingColumn(columns.joined(separator: " or "), found: header)
        }
        while true {
            switch try reader.next(&row) {
            case .end: return
            case .fault(let line, let reason): throw .unusableLine(line, reason: reason)
            case .row:
                guard row.count > max(record, label) else {
                    throw .unusableLine(row.line, reason: "\(row.count) columns")
                }
                recordIDs.append(row.text(record))
                labels.append(row.text(label))
            }
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
