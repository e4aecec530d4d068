import Foundation
public import Identifiers
public import Topology

/// The embedded control plane: one file that remembers the last epoch, locked by the one coordinator that runs.
///
/// The file holds `tessera-control 1` and `epoch N`, a line each. It is replaced by rename and synced, so that it is
/// either the old or the new one after a crash.
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

    private static let header = "tessera-control 1"

    private let directory: String
    private let lock: Int32

    private var path: String { directory + "/control" }

    /// Opens the control file in a directory, which is made where it is missing, and locks it for this process.
    ///
    /// - Throws: `Failure`.
    public init(directory: String) throws {
        self.directory = directory
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let lockPath = directory + "/control.lock"
        lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw Failure.system(operation: "open", path: lockPath, code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw Failure.locked(path: lockPath)
        }
        _ = try last()
    }

    deinit { close(lock) }

    /// Begins the epoch after the last one, durably.
    public func beginEpoch() async throws -> Epoch {
        let epoch = try last().next
        try write(Self.header + "\nepoch \(epoch)\n")
        return epoch
    }

    private func last() throws -> Epoch {
        guard FileManager.default.fileExists(atPath: path) else { return Epoch(0) }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        guard let first = lines.first, first == Self.header else {
            throw Failure.unreadable(path: path, reason: "not a control file of version 1")
        }
        guard lines.count == 2, lines[1].hasPrefix("epoch "), let number = UInt64(lines[1].dropFirst(6)) else {
            throw Failure.unreadable(path: path, reason: "the epoch is missing")
        }
        return Epoch(number)
    }

    private func write(_ text: String) throws {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure.system(operation: "open", path: temporary, code: errno) }
        defer { close(file) }
        let bytes = Array(text.utf8)
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
