/// Why a file as a whole cannot be used, or not further.
///
/// What was read before stays good.
public enum RecordFileError: Error, Sendable, Hashable {
    /// The operating system refused: what was tried, on which file, and why.
    case system(operation: String, path: String, reason: String)
    /// The file breaks off in the middle of its compressed data.
    case compressedDataEndsEarly
    /// The compressed data is damaged.
    case compressedDataDamaged(reason: String)
    /// The compressed data unfolds to more than any real file does.
    case expandsTooMuch(factor: Int)
    /// A file of a kind that cannot be read, and what to do about it.
    case foreignKind(String)
    /// A file without a header line.
    case empty
    /// The header lacks a column that is needed.
    case missingColumn(String, found: [String])
    /// Two columns of the header mean the same field.
    case doubledColumn(String, first: String, second: String)
    /// The header itself cannot be read.
    case unreadableHeader(reason: String)
    /// A mapping that is not `COLUMN=FIELD`, or names no field or no column.
    case invalidMapping(String, reason: String)
    /// A line of a file in which every line counts cannot be used.
    case unusableLine(Int, reason: String)
}

extension RecordFileError: CustomStringConvertible {
    /// What is wrong and what would be right, in one line.
    public var description: String {
        switch self {
        case .system(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .compressedDataEndsEarly: "the compressed file ends too early; what came before was read"
        case .compressedDataDamaged(let reason): "the compressed file is damaged (\(reason)); what came before was read"
        case .expandsTooMuch(let factor): "the compressed file grows more than \(factor)-fold, which no real file does"
        case .foreignKind(let reason): reason
        case .empty: "the file is empty; expected a header line"
        case .missingColumn(let name, let found):
            "no column \(name) among \(found.joined(separator: ", ")); map one with --map COLUMN=\(name)"
        case .doubledColumn(let field, let first, let second):
            "the columns \(first) and \(second) both mean \(field); keep one, or map the other elsewhere"
        case .unreadableHeader(let reason): "the header line cannot be read: \(reason)"
        case .invalidMapping(let text, let reason): "invalid mapping \(text): \(reason)"
        case .unusableLine(let line, let reason): "line \(line): \(reason)"
        }
    }
}
