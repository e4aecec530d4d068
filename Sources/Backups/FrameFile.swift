internal import Coordinator
internal import Foundation
internal import Identifiers
internal import OpenSSL

/// One file of frames while it is written.
final class FrameFile {
    let name: String
    private let path: String
    private let handle: FileHandle
    private let digest = RunningDigest()
    private(set) var bytes = 0
    /// The last write of its frames.
    private(set) var through: Sequence

    init(directory: String, name: String, number: Int, after through: Sequence) throws(BackupFault) {
        self.name = name
        self.through = through
        path = "\(directory)/\(name)"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: BackupPlace.owned),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw BackupFault("\(path) cannot be written") }
        self.handle = handle
        try write(BackupFile.head(number: number))
    }

    func append(_ frame: BackupFrame) throws(BackupFault) {
        try write(BackupFile.encode(frame))
        through = max(through, frame.last)
    }

    /// Makes it durable.
    ///
    /// - Returns: what the manifest says of it.
    func finish() throws(BackupFault) -> BackupManifest.File {
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw BackupFault("\(path) cannot be synced: \(error)")
        }
        return BackupManifest.File(
            name: name,
            bytes: bytes,
            sha256: Digest.hexadecimal(digest.finish()),
            through: through
        )
    }

    private func write(_ piece: [UInt8]) throws(BackupFault) {
        do {
            try handle.write(contentsOf: piece)
        } catch {
            throw BackupFault("\(path) cannot be written: \(error)")
        }
        digest.add(piece)
        bytes += piece.count
    }
}
