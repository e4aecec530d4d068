internal import Foundation
internal import OpenSSL

/// How far somebody else was told of a trail, in a file beside it: it outlives the process.
///
///     tessera-told 1 NUMBER DIGEST
///
/// The digest is SHA-256 of all before it.
public struct ToldMark: Sendable {
    private static let version = 1
    private let path: String

    /// The mark of one receiver in the directory of a trail.
    public init(directory: String, receiver: String) { path = "\(directory)/told-\(receiver)" }

    /// The last entry that was told; `nil` where nothing was told ever.
    ///
    /// - Throws: `broken` where the file is not what this program writes.
    public func read() throws(AuditError) -> UInt64? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try AuditFiles.read(path)
        var line = bytes[...]
        if line.last == AuditLine.newline { line.removeLast() }
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].elementsEqual("tessera-told".utf8),
            parts[1].elementsEqual(String(Self.version).utf8), let number = AuditLine.number(parts[2]),
            let digest = AuditLine.digits(parts[3]), Digest.sha256(Array(line[..<parts[3].startIndex])) == digest
        else {
            throw AuditError(
                .broken,
                "\(path) is damaged or of another version than \(Self.version):"
                    + " without it only what comes from now on is told"
            )
        }
        return number
    }

    /// Writes the last entry that was told; the file is replaced as a whole, durably.
    public func write(_ number: UInt64) throws(AuditError) {
        let text = Array("tessera-told \(Self.version) \(number) ".utf8)
        let draft = try AppendFile(path + ".new")
        try draft.replace(text + Array(Digest.hexadecimal(Digest.sha256(text)).utf8) + [AuditLine.newline])
        try draft.sync()
        try draft.move(to: path)
    }
}
