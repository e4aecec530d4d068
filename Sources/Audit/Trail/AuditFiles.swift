internal import Foundation

/// The files of a trail: `audit-NUMBER.log`, the number being that of the first entry, and `head`.
enum AuditFiles {
    private static let prefix = "audit-"
    private static let suffix = ".log"

    static func name(first: UInt64) -> String {
        let digits = String(first)
        return prefix + String(repeating: "0", count: max(0, 20 - digits.count)) + digits + suffix
    }

    /// The files of a directory in order.
    static func all(in directory: String) throws(AuditError) -> [String] {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: directory)
            return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted().map { "\(directory)/\($0)" }
        } catch {
            throw AuditError(.system, "\(directory) cannot be read")
        }
    }

    static func read(_ path: String) throws(AuditError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw AuditError(.system, "\(path) cannot be read")
        }
        return [UInt8](data)
    }

    static func head(in directory: String) -> AuditHead? {
        FileManager.default.contents(atPath: "\(directory)/\(AuditHead.file)").flatMap { AuditHead($0) }
    }

    static func holdsHead(_ directory: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(directory)/\(AuditHead.file)")
    }

    static func makeDirectory(_ path: String) throws(AuditError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw AuditError(.system, "\(path) cannot be made")
        }
    }
}
