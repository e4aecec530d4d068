public import PatientMapping

/// How a file of patient records is to be read.
public struct RecordFileOptions: Sendable, Hashable {
    /// What the file holds.
    public var format = FileFormat.auto
    /// Names the source of records that do not say; by default the file's name without its ending.
    public var source: String?
    /// `COLUMN=FIELD` pairs for tables.
    public var columns: [String] = []
    /// What names a record among a Patient's identifiers.
    public var mapping = PatientMapping.Settings()

    /// The defaults.
    public init() {}
}
