internal import Coordinator
internal import Foundation

/// Names and paths of a backup.
///
/// It is a directory that holds:
///
///     manifest.json    what it is, with the length and SHA-256 of each file of frames
///     SHA256SUMS       the same and the manifest's own, for sha256sum -c
///     base-0001.tsb    rows as they were read, and writes that came in meanwhile, through the cut
///     log-0002.tsb     writes after the cut, where it went on
///     settings/        the files of rules and authorities that the coordinator was started with
enum BackupPlace {
    static let sums = "SHA256SUMS"
    static let settings = "settings"
    /// Longest name of a backup: it is a part of a path.
    private static let nameLimit = 64

    /// Whether a text may name a backup: letters, digits, dots, dashes and underscores, not a dot first.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= nameLimit && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
                }
            }
    }

    /// Whether a name is one that a file of frames may have: a manifest names no path outside of its directory.
    static func isFrameFile(_ name: String) -> Bool { isName(name) && name.hasSuffix(".tsb") }

    static func file(_ kind: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(kind)-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits).tsb"
    }

    /// What a backup holds is read by whoever made it: it names patients.
    static var owned: [FileAttributeKey: Any] { [.posixPermissions: 0o600] }

    /// Reads a small file.
    static func read(_ path: String) throws(BackupFault) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BackupFault("\(path) is missing or cannot be read")
        }
        return [UInt8](data)
    }

    /// Puts a small file in place of what was there, whole or not at all.
    static func replace(_ path: String, with bytes: [UInt8]) throws(BackupFault) {
        let temporary = path + ".new"
        do {
            guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes), attributes: owned) else {
                throw BackupFault("\(temporary) cannot be written")
            }
            let handle = try FileHandle(forWritingTo: URL(filePath: temporary))
            try handle.synchronize()
            try handle.close()
        } catch {
            throw BackupFault("\(temporary) cannot be written: \(error)")
        }
        guard rename(temporary, path) == 0 else { throw BackupFault("\(path) cannot be written: \(words(errno))") }
    }

    /// Makes the names in a directory durable.
    static func sync(directory: String) throws(BackupFault) {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackupFault("\(directory) cannot be opened: \(words(errno))") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw BackupFault("\(directory) cannot be synced: \(words(errno))") }
    }

    static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
