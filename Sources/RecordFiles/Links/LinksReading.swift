extension LinksFile {
    /// Reads a links file; columns may stand in any order, and a file without `source` has it empty.
    ///
    /// - Throws: `RecordFileError` when the file or a line of it cannot be used.
    public static func rows(path: String) throws(RecordFileError) -> [LinkRow] {
        var reader = try CSVReader(path: path)
        var row = CSVRow()
        guard case .row = try reader.next(&row) else { throw .empty }
        let header = row.texts.map(RecordField.plain)
        guard let record = header.firstIndex(of: "recordid") else {
            throw .missingColumn("record_id", found: row.texts)
        }
        guard let golden = header.firstIndex(of: "goldenid") else {
            throw .missingColumn("golden_id", found: row.texts)
        }
        let source = header.firstIndex(of: "source")
        reader.requireFields(header.count)
        var rows: [LinkRow] = []
        while true {
            switch try reader.next(&row) {
            case .end: return rows
            case .fault(let line, let reason): throw .unusableLine(line, reason: reason)
            case .row:
                let source = source.map { row.text($0) } ?? ""
                rows.append(LinkRow(source: source, recordID: row.text(record), goldenID: row.text(golden)))
            }
        }
    }
}
