internal import Foundation
internal import RecordFiles

/// Writes a file from front to end through a buffer; it gets its name only when it is whole.
///
/// `-` is standard output. A name that ends in `.gz` is folded with gzip.
struct OutputFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true
    private let folder: GzipFolder?

    /// Bytes gathered before the system is called.
    private static let bufferBytes = 1 << 16

    /// Begins a file.
    ///
    /// - Throws: a failure that names the path.
    init(path: String) throws(CommandFailure) {
        self.path = path
        folder = path.hasSuffix(".gz") ? GzipFolder() : nil
        descriptor = path == "-" ? STDOUT_FILENO : open(Self.draft(of: path), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
    }

    deinit {
        // Never finished: what is there is no whole file and must not look like one.
        guard isOpen, path != "-" else { return }
        close(descriptor)
        unlink(Self.draft(of: path))
    }

    /// Adds bytes.
    mutating func write(_ bytes: some Collection<UInt8>) throws(CommandFailure) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Adds a text.
    mutating func write(_ text: String) throws(CommandFailure) {
        try write(text.utf8)
    }

    /// Ends the file and gives it its name.
    consuming func finish() throws(CommandFailure) {
        try flush()
        if let folder { try put(folder.finish()) }
        guard path != "-" else { return }
        isOpen = false
        guard close(descriptor) == 0, rename(Self.draft(of: path), path) == 0 else {
            throw Self.failure(path, errno)
        }
    }

    private mutating func flush() throws(CommandFailure) {
        try put(folder?.fold(buffer) ?? buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: [UInt8]) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withContiguousStorageIfAvailable { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard let count, count >= 0 else {
                if errno == EINTR { continue }
                throw Self.failure(path, errno)
            }
            rest = rest.dropFirst(count)
        }
    }

    private static func draft(of path: String) -> String { path + ".partial" }

    private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
        CommandFailure("cannot write \(path): \(String(cString: strerror(code)))")
    }
}
