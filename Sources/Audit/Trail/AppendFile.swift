#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// A file that only grows, or is rewritten as a whole where it is small.
final class AppendFile: TrailFile {
    let path: String
    private let descriptor: Int32
    private(set) var size: Int

    /// Opens a file for writing; made where it is missing, readable by its owner alone.
    init(_ path: String) throws(AuditError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, "open") }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            close(descriptor)
            throw Self.failure(path, "look at")
        }
        size = Int(info.st_size)
    }

    deinit { close(descriptor) }

    /// Writes behind the last byte; what a failure leaves half written is cut off again.
    func append(_ bytes: [UInt8]) throws(AuditError) {
        do throws(AuditError) {
            try write(bytes, at: size)
        } catch {
            _ = ftruncate(descriptor, size)
            throw error
        }
        size += bytes.count
    }

    /// Writes in place of everything that was there.
    func replace(_ bytes: [UInt8]) throws(AuditError) {
        try write(bytes, at: 0)
        size = max(size, bytes.count)
        try cut(at: bytes.count)
    }

    /// Puts it in the place of another one.
    func move(to other: String) throws(AuditError) {
        guard rename(path, other) == 0 else { throw Self.failure(other, "replace") }
    }

    /// Keeps other processes from writing the same file as long as this one is open.
    func lock() throws(AuditError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw AuditError(.system, "another process writes \(path)")
        }
    }

    /// Cuts everything behind a place off.
    func cut(at place: Int) throws(AuditError) {
        guard place != size else { return }
        guard ftruncate(descriptor, place) == 0 else { throw Self.failure(path, "cut") }
        size = place
    }

    /// Waits until everything is on the disk.
    func sync() throws(AuditError) {
        guard fdatasync(descriptor) == 0 else { throw Self.failure(path, "sync") }
    }

    private func write(_ bytes: [UInt8], at place: Int) throws(AuditError) {
        var done = 0
        while done < bytes.count {
            let piece = bytes[done...]
            let count = piece.withContiguousStorageIfAvailable {
                pwrite(descriptor, $0.baseAddress, $0.count, place + done)
            }
            guard let count, count > 0 else {
                if errno == EINTR { continue }
                throw Self.failure(path, "write")
            }
            done += count
        }
    }

    private static func failure(_ path: String, _ what: String) -> AuditError {
        let code = errno
        let words = String(cString: strerror(code))
        return AuditError(.system, "cannot \(what) \(path): \(words)")
    }
}
