import Foundation
public import Identifiers
import Locks
public import Topology

/// The embedded control plane: one file that remembers the last epoch and the cluster map, locked by the one
/// coordinator that runs.
///
/// The file (`ControlFile`) is replaced by rename and synced, so that it is either the old or the new one after a
/// crash. Whoever holds the lock leads: nobody else can begin an epoch.
public final class FileControlPlane: ControlPlaneClient {
    /// Why the file cannot serve.
    public enum Failure: Error, CustomStringConvertible {
        /// Another process holds the lock.
        case locked(path: String)
        /// The file is of an unknown version or damaged.
        case unreadable(path: String, reason: String)
        /// The operating system refused.
        case system(operation: String, path: String, code: Int32)

        /// What happened and what would help.
        public var description: String {
            switch self {
            case .locked(let path): "\(path) is in use: another coordinator runs on this directory"
            case .unreadable(let path, let reason): "\(path): \(reason)"
            case .system(let operation, let path, let code): "\(operation) \(path): \(String(cString: strerror(code)))"
            }
        }
    }

    private let directory: String
    private let lock: Int32
    private let seed: ClusterMap?
    private let contents: Mutex<ControlFile>
    private let channel = MapChannel()

    private var path: String { directory + "/control" }

    /// Opens the control file in a directory, which is made where it is missing, and locks it for this process.
    ///
    /// - Parameters:
    ///   - directory: where the file is.
    ///   - seed: the first map of the cluster; does nothing where there is a map already.
    /// - Throws: `Failure`.
    public init(directory: String, seed: ClusterMap? = nil) throws {
        self.directory = directory
        self.seed = seed
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let lockPath = directory + "/control.lock"
        let lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw Failure.system(operation: "open", path: lockPath, code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw Failure.locked(path: lockPath)
        }
        let found: ControlFile
        do {
            found = try Self.read(directory + "/control")
        } catch {
            close(lock)
            throw error
        }
        self.lock = lock
        contents = Mutex(found)
        // Without a map and a seed there is nothing to tell yet.
        if let map = found.map { channel.tell(Self.stored(map)) }
    }

    deinit { close(lock) }

    /// Begins the epoch after the last one, durably.
    public func beginEpoch() async throws -> Epoch {
        try contents.withLock { contents in
            var next = contents
            next.epoch = contents.epoch.next
            try write(next)
            contents = next
            return next.epoch
        }
    }

    /// Always: the lock on the file is this process's for as long as it lives.
    public func holds(_ epoch: Epoch) -> Bool { contents.withLock { $0.epoch == epoch } }

    /// Nothing to give up: nobody else can lead while this process lives.
    public func resign(_ epoch: Epoch) async {}

    /// Nobody whom another node could reach.
    public func leader() -> Leader? { nil }

    /// The map of the file, or the seed, which becomes it.
    public func clusterMap() async throws(TopologyError) -> StoredMap {
        if let map = contents.withLock({ $0.map }) { return Self.stored(map) }
        guard let seed else { throw .missing }
        return try put(seed, expecting: 0)
    }

    /// Puts a map in the place of the one of that revision, durably.
    public func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        try put(map, expecting: revision).revision
    }

    /// The map now and whenever it changes.
    public func changes() -> AsyncStream<StoredMap> { channel.maps() }

    /// A file has one writer, so that the version of the map serves as its revision.
    private static func stored(_ map: ClusterMap) -> StoredMap { StoredMap(map: map, revision: map.version) }

    private func put(_ map: ClusterMap, expecting revision: UInt64) throws(TopologyError) -> StoredMap {
        try map.check()
        let outcome = contents.withLock { contents -> Result<StoredMap, TopologyError> in
            guard contents.map?.version ?? 0 == revision else { return .failure(.conflict) }
            if let current = contents.map, map.version != current.version + 1 {
                return .failure(.broken("version \(map.version) does not follow \(current.version)"))
            }
            var next = contents
            next.map = map
            do {
                try write(next)
            } catch {
                return .failure(.unavailable("\(error)"))
            }
            contents = next
            return .success(Self.stored(map))
        }
        let stored = try outcome.get()
        channel.tell(stored)
        return stored
    }

    private static func read(_ path: String) throws -> ControlFile {
        guard FileManager.default.fileExists(atPath: path) else { return ControlFile() }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        do throws(ControlFile.Damage) {
            return try ControlFile(decoding: text)
        } catch {
            throw Failure.unreadable(path: path, reason: error.reason)
        }
    }

    private func write(_ contents: ControlFile) throws {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure.system(operation: "open", path: temporary, code: errno) }
        defer { close(file) }
        let bytes = Array(contents.encoded().utf8)
        guard Foundation.write(file, bytes, bytes.count) == bytes.count else {
            throw Failure.system(operation: "write", path: temporary, code: errno)
        }
        guard fsync(file) == 0 else { throw Failure.system(operation: "sync", path: temporary, code: errno) }
        guard rename(temporary, path) == 0 else { throw Failure.system(operation: "rename", path: path, code: errno) }
        let folder = open(directory, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw Failure.system(operation: "open", path: directory, code: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Failure.system(operation: "sync", path: directory, code: errno) }
    }
}
