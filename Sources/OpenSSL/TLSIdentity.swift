internal import Locks

#if canImport(Glibc)
internal import Glibc
#else
internal import Musl
#endif

/// A context that follows its files: replaced certificates are loaded without a restart.
public final class TLSIdentity: Sendable {
    private struct State {
        var context: TLSContext
        var stamps: [FileStamp]
        var nextLook: Int64
    }

    /// What of a file changes when it is replaced.
    private struct FileStamp: Equatable {
        var seconds: Int
        var nanoseconds: Int
        var size: Int
        var inode: UInt64
    }

    private let settings: TLSSettings
    private let state: Mutex<State>
    /// Files are looked at no more often, in nanoseconds: a flood of handshakes must not become one of `stat`.
    private static let lookInterval: Int64 = 1_000_000_000

    /// Loads the files.
    ///
    /// - Throws: `badFile` with the path, `keyMismatch`, `failed`.
    public init(_ settings: TLSSettings) throws(OpenSSLError) {
        self.settings = settings
        let stamps = Self.stamps(settings)
        state = Mutex(State(context: try TLSContext(settings), stamps: stamps, nextLook: 0))
    }

    /// The newest context that loaded.
    public var context: TLSContext {
        state.withLock { $0.context }
    }

    /// Loads the files again, whether they changed or not.
    ///
    /// - Throws: what `init` throws; the old context then stays.
    public func reload() throws(OpenSSLError) {
        let stamps = Self.stamps(settings)
        let context = try TLSContext(settings)
        state.withLock {
            $0.context = context
            $0.stamps = stamps
        }
    }

    /// Loads the files again if they changed since they were last looked at; looks at most once a second.
    ///
    /// - Parameter now: any monotonic clock, in nanoseconds.
    /// - Returns: true when new files are in use.
    /// - Throws: what `init` throws; the old context then stays and the files are tried again when they change next.
    public func reloadIfChanged(now: Int64) throws(OpenSSLError) -> Bool {
        let isDue = state.withLock { state in
            guard now >= state.nextLook else { return false }
            state.nextLook = now + Self.lookInterval
            return true
        }
        guard isDue else { return false }
        let stamps = Self.stamps(settings)
        let hasChanged = state.withLock { state in
            defer { state.stamps = stamps }
            return state.stamps != stamps
        }
        guard hasChanged else { return false }
        try reload()
        return true
    }

    private static func stamps(_ settings: TLSSettings) -> [FileStamp] {
        settings.paths.map { path in
            var info = stat()
            guard unsafe stat(path, &info) == 0 else {
                return FileStamp(seconds: 0, nanoseconds: 0, size: -1, inode: 0)
            }
            return FileStamp(
                seconds: info.st_mtim.tv_sec,
                nanoseconds: info.st_mtim.tv_nsec,
                size: Int(info.st_size),
                inode: UInt64(info.st_ino)
            )
        }
    }
}
