internal import Glibc

/// Keeps a second process out of a store's directory; the system lets go of it when the process ends, however it ends.
final class StoreLock: Sendable {
    private let descriptor: Int32

    init(directory: String) throws(StoreError) {
        let path = directory + "/lock"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw .last("open", path) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let error: StoreError = errno == EWOULDBLOCK ? .inUse(directory: directory) : .last("flock", path)
            close(opened)
            throw error
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Free bytes of the disk under a path, for an ordinary user.
    static func freeBytes(at path: String) -> UInt64 {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return 0 }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String) throws(StoreError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            let parent = made.isEmpty ? "/" : made
            made += "/" + part
            if mkdir(made, 0o700) == 0 {
                try sync(parent)
            } else if errno != EEXIST {
                throw .last("mkdir", made)
            }
        }
    }

    /// Makes the entries of a directory durable.
    static func sync(_ directory: String) throws(StoreError) {
        let opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .last("open", directory) }
        defer { close(opened) }
        if fsync(opened) != 0 { throw .last("fsync", directory) }
    }
}
