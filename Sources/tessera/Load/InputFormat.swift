internal import ArgumentParser
internal import RecordFiles

/// The format of files as an option names it.
enum InputFormat {
    /// Reads `csv`, `ndjson` or `auto`.
    static func parse(_ text: String) throws -> FileFormat {
        guard let format = FileFormat(rawValue: text) else {
            throw ValidationError("the formats are \(FileFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return format
    }
}
