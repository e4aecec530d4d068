internal import Glibc

/// A directory on a real disk that holds the log.
public final class DiskLogDirectory: LogDirectory {
    private let path: String
    private let descriptor: Int32
    // Large enough that the calls cost nothing beside the copying, small enough to stay in the cache.
    private static let zeroes = [UInt8](repeating: 0, count: 1 << 20)

    /// Opens a directory, which is made where there is none.
    public init(path: String) throws(StoreError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .last("mkdir", path) }
        let opened = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .last("open", path) }
        self.path = path
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Names of all files but hidden ones, in order.
    public func list() throws(StoreError) -> [String] {
        guard let stream = opendir(path) else { throw .last("opendir", path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a file of written zeros; a file that could not be finished is removed.
    public func create(_ name: String, size: Int) throws(StoreError) -> any LogFile {
        let opened = openat(descriptor, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .last("create", name) }
        let file = DiskLogFile(descriptor: opened, name: name, size: 0)
        do throws(StoreError) {
            var offset = 0
            while offset < size {
                let count = min(size - offset, DiskLogDirectory.zeroes.count)
                try DiskLogDirectory.zeroes.withBytes { bytes throws(StoreError) in
                    try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: offset)
                }
                offset += count
            }
            if fsync(opened) != 0 { throw .last("fsync", name) }
            try syncEntries()
        } catch {
            unlinkat(descriptor, name, 0)
            throw error
        }
        return file
    }

    /// Opens a file that is there.
    public func open(_ name: String) throws(StoreError) -> any LogFile {
        let opened = openat(descriptor, name, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { throw .last("open", name) }
        var facts = stat()
        guard fstat(opened, &facts) == 0 else {
            let error = StoreError.last("fstat", name)
            close(opened)
            throw error
        }
        return DiskLogFile(descriptor: opened, name: name, size: Int(facts.st_size))
    }

    /// Renames a file and syncs the directory.
    public func rename(_ name: String, to new: String) throws(StoreError) {
        if renameat(descriptor, name, descriptor, new) != 0 { throw .last("rename", name) }
        try syncEntries()
    }

    /// Removes a file and syncs the directory.
    public func remove(_ name: String) throws(StoreError) {
        if unlinkat(descriptor, name, 0) != 0 { throw .last("unlink", name) }
        try syncEntries()
    }

    private func syncEntries() throws(StoreError) {
        if fsync(descriptor) != 0 { throw .last("fsync", path) }
    }
}
