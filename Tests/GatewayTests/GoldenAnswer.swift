import Foundation
import JSON

/// Answers that are kept as files and compared byte by byte.
enum GoldenAnswer {
    /// Compares an answer, laid out for reading, with `Tests/Golden/gateway/NAME`.
    ///
    /// With `TESSERA_REWRITE` in the environment the file is written anew first; look at what changed before keeping it.
    ///
    /// - Returns: what differs, or `nil`.
    static func difference(_ answer: [UInt8], _ name: String) throws -> String? {
        let value = try JSONValue(parsing: answer.span.bytes)
        let text = String(decoding: value.serialised(pretty: true), as: UTF8.self) + "\n"
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/gateway")
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] != nil {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? "(no file)"
        return kept == text ? nil : "\(name) differs:\n\(text)"
    }
}
