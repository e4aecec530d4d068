/// Where rejected records are listed: `file,line,record_id,reason`.
public struct RejectsFile {
    /// Names of the columns.
    public static let header = ["file", "line", "record_id", "reason"]

    private let table: TableFile
    /// Number of rejects listed.
    public private(set) var count = 0

    /// Creates the file, or takes the place of one.
    ///
    /// - Throws: `RecordFileError` when it cannot be created.
    public init(path: String) throws(RecordFileError) {
        table = try TableFile(path: path, header: Self.header)
    }

    /// Lists a reject.
    ///
    /// - Throws: `RecordFileError` when the file cannot be written.
    public mutating func append(
        file: String,
        line: Int,
        recordID: String?,
        reason: String
    ) throws(RecordFileError) {
        try table.append([file, String(line), recordID ?? "", reason])
        count += 1
    }

    /// Writes what is still in memory; call it at the end.
    ///
    /// - Throws: `RecordFileError` when the file cannot be written.
    public func finish() throws(RecordFileError) { try table.finish() }
}
