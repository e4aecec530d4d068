/// Writes a links file: `source,record_id,golden_id`, a row for each live record.
public struct LinksFile {
    /// Names of the columns.
    public static let header = ["source", "record_id", "golden_id"]

    private let table: TableFile

    /// Creates the file, or takes the place of one.
    ///
    /// - Throws: `RecordFileError` when it cannot be created.
    public init(path: String) throws(RecordFileError) {
        table = try TableFile(path: path, header: Self.header)
    }

    /// Writes one row.
    ///
    /// - Throws: `RecordFileError` when the file cannot be written.
    public func append(_ row: LinkRow) throws(RecordFileError) {
        try table.append([row.source, row.recordID, row.goldenID])
    }

    /// Writes what is still in memory; call it at the end.
    ///
    /// - Throws: `RecordFileError` when the file cannot be written.
    public func finish() throws(RecordFileError) { try table.finish() }
}
