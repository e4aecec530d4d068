internal import Glibc

/// A log file on a real disk.
public final class DiskLogFile: LogFile {
    /// Bytes in the file.
    public private(set) var size: Int
    private let descriptor: Int32
    private let name: String

    init(descriptor: Int32, name: String, size: Int) {
        self.descriptor = descriptor
        self.name = name
        self.size = size
    }

    deinit { close(descriptor) }

    /// Writes all bytes, however many calls the system needs for it.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, offset + done)
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("write", name)
            }
            guard count > 0 else { throw .system(operation: "write", name: name, code: EIO) }
            done += count
        }
        size = max(size, offset + bytes.count)
    }

    /// Syncs data and the metadata that is needed to read it.
    public func sync() throws(StoreError) {
        // Not repeated on error: after a failed sync the kernel forgets which pages were dirty.
        if fdatasync(descriptor) != 0 { throw .last("fdatasync", name) }
    }

    /// Reads until the buffer is full or the file ends.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, offset + done)
            if count < 0 {
                if errno == EINTR { continue }
                throw .last("read", name)
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Cuts the file and syncs.
    public func truncate(to size: Int) throws(StoreError) {
        if ftruncate(descriptor, size) != 0 { throw .last("ftruncate", name) }
        self.size = size
        if fsync(descriptor) != 0 { throw .last("fsync", name) }
    }
}

extension StoreError {
    /// The error that the last system call left behind.
    static func last(_ operation: String, _ name: String) -> StoreError {
        let code = errno
        guard code != ENOSPC, code != EDQUOT else { return .diskFull }
        return .system(operation: operation, name: name, code: code)
    }
}
