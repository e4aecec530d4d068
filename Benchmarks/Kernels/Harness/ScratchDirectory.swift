import Foundation

/// A directory that is removed with the last reference to it.
final class ScratchDirectory: Sendable {
    /// Where it is: below `TMPDIR`; figures of syncs are those of its disk.
    let path: String

    init() throws {
        let name = "tessera-kernels-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
