public import Coordinator
internal import Foundation
internal import Identifiers

/// Reads a backup frame by frame.
///
///     var reader = try BackupReader(directory: "/var/backups/tessera/monday")
///     while let frame = try reader.next() { ... }
public struct BackupReader: Sendable {
    /// What it says of itself.
    public let manifest: BackupManifest
    private let directory: String
    private var index = 0
    private var data: Data?
    private var offset = 0

    /// Opens a backup.
    ///
    /// - Throws: `BackupFault` where there is none, or its manifest is damaged or of an unknown format.
    public init(directory: String) throws(BackupFault) {
        self.directory = directory
        manifest = try Self.manifest(of: directory)
    }

    static func manifest(of directory: String) throws(BackupFault) -> BackupManifest {
        try BackupManifest(decoding: BackupPlace.read("\(directory)/\(BackupManifest.name)"))
    }

    /// The next frame; `nil` after the last one.
    ///
    /// - Throws: `BackupFault`, naming the file and the place in it.
    public mutating func next() throws(BackupFault) -> BackupFrame? {
        while true {
            if let data {
                let start = offset
                let found = data.withUnsafeBytes { bytes -> Result<(BackupFrame, Int)?, BackupFault> in
                    do throws(BackupFault) {
                        return .success(try BackupFile.frame(in: bytes, at: start).map { ($0.frame, $0.next) })
                    } catch {
                        return .failure(error)
                    }
                }
                do throws(BackupFault) {
                    if let (frame, next) = try found.get() {
                        offset = next
                        return frame
                    }
                } catch {
                    throw BackupFault("\(manifest.files[index].name) \(error)")
                }
                self.data = nil
                index += 1
            }
            guard index < manifest.files.count else { return nil }
            data = try open(manifest.files[index], number: index + 1)
            offset = BackupFile.headLength
        }
    }

    private func open(_ file: BackupManifest.File, number: Int) throws(BackupFault) -> Data {
        let url = URL(filePath: "\(directory)/\(file.name)")
        guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else {
            throw BackupFault("\(file.name) is missing or cannot be read")
        }
        let fault = data.withUnsafeBytes { bytes -> BackupFault? in
            do throws(BackupFault) {
                try BackupFile.check(bytes, number: number)
                return nil
            } catch {
                return BackupFault("\(file.name) \(error)")
            }
        }
        if let fault { throw fault }
        return data
    }
}
