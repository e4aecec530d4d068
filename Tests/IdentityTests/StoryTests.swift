import Foundation
import Testing

/// Tells the stories of the identity folder again and compares.
///
/// Read the stories first: they say what identity means. `TESSERA_REWRITE_STORIES=1` writes the answers anew; commit
/// them only where you understand what changed them.
@Suite struct StoryTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Stories/identity")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test func storiesAreThere() {
        #expect(Self.names.count >= 10)
    }

    @Test(arguments: names)
    func toldAsItHappens(name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let written = try String(contentsOf: file, encoding: .utf8)
        let retold = try Story.retold(written)
        if ProcessInfo.processInfo.environment["TESSERA_REWRITE_STORIES"] == "1" {
            try retold.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(retold == written)
        }
    }
}
