#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A table that is written row by row to a file, or to standard output for the path `-`.
///
/// Rows are gathered and written in large pieces; `finish` writes the rest. A table that is not finished may lack its
/// last rows.
final class TableFile {
    /// Bytes gathered before they are written.
    private static let pieceLength = 64 << 10

    private let path: String
    private let descriptor: Int32
    private var writer = CSVWriter()

    init(path: String, header: [String]) throws(RecordFileError) {
        self.path = path
        descriptor = path == "-" ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .system(operation: "create", path: path, reason: String(cString: strerror(errno)))
        }
        writer.row(header)
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    func append(_ fields: [String]) throws(RecordFileError) {
        writer.row(fields)
        if writer.bytes.count >= Self.pieceLength { try finish() }
    }

    /// Writes everything that was gathered.
    func finish() throws(RecordFileError) {
        let bytes = writer.take()
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw .system(operation: "write", path: path, reason: String(cString: strerror(errno)))
            }
        }
    }
}
