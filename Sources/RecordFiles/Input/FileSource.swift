#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file, or standard input for the path `-`.
final class FileSource: ByteSource {
    private let path: String
    private let descriptor: Int32
    /// Bytes read so far.
    private(set) var bytesRead = 0
    /// Size of the file; `nil` where there is none, as for a pipe.
    let size: Int?

    init(path: String) throws(RecordFileError) {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = Self.failure("read", path)
            if descriptor != STDIN_FILENO { close(descriptor) }
            throw error
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            if descriptor != STDIN_FILENO { close(descriptor) }
            throw .system(operation: "read", path: path, reason: "it is a directory")
        }
        size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordFileError) -> Int {
        while true {
            let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                bytesRead += count
                return count
            }
            guard errno == EINTR else { throw Self.failure("read", path) }
        }
    }

    private static func failure(_ operation: String, _ path: String) -> RecordFileError {
        .system(operation: operation, path: path, reason: String(cString: strerror(errno)))
    }
}

/// The system call, under a name that the method above does not hide.
private func systemRead(_ descriptor: Int32, _ address: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, address, count)
}
