import Foundation
import Testing

@testable import HL7v2

/// Messages as they travel, beside how they are understood: `Tests/Golden/hl7v2/*.hl7` and `*.txt`.
///
/// `TESSERA_REWRITE=1` writes the texts anew.
@Suite("HL7 v2 golden messages")
struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/hl7v2")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".hl7") }.sorted()
    }()

    @Test("Messages are understood as before", arguments: names)
    func understood(name: String) throws {
        let bytes = Array(try Data(contentsOf: Self.folder.appending(path: name)))
        let page = Self.folder.appending(path: name.replacing(".hl7", with: ".txt"))
        let told = Self.tell(bytes)
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE"] == "1" { try Data(told.utf8).write(to: page) }
        #expect(try String(contentsOf: page, encoding: .utf8) == told)
    }

    @Test("There are golden messages")
    func there() { #expect(Self.names.count >= 5) }

    static func tell(_ bytes: [UInt8]) -> String {
        let message: HL7Message
        do throws(HL7Error) {
            message = try HL7Message(decoding: bytes)
        } catch {
            return "refused: \(error)\n"
        }
        var lines: [String] = []
        for segment in message.segments {
            lines.append(segment.name)
            for number in segment.written.indices.map({ $0 + 1 }) where !segment.isEmpty(number) {
                for (index, repetition) in segment.field(number).repetitions.enumerated() {
                    let parts = repetition.components.map {
                        $0.subcomponents.map(\.debugDescription).joined(separator: " & ")
                    }
                    lines.append("  \(number)[\(index + 1)] " + parts.joined(separator: " ^ "))
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
