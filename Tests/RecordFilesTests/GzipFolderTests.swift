import Foundation
import RecordFiles
import Testing

/// What is folded is read back by `gzip` itself.
struct GzipFolderTests {
    @Test(arguments: [0, 1, 70_000, 3_000_000]) func gzipUnfoldsIt(count: Int) throws {
        var state: UInt64 = 7
        // Half noise, half repetition, so that pieces neither vanish nor stay as they are.
        let bytes = (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return index % 2 == 0 ? UInt8(truncatingIfNeeded: state >> 33) : UInt8(truncatingIfNeeded: index >> 8)
        }
        let folder = GzipFolder()
        var folded: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            folded += folder.fold(Array(rest.prefix(50_000)))
            rest = rest.dropFirst(50_000)
        }
        folded += folder.finish()
        #expect(folded.prefix(2) == [0x1F, 0x8B])
        let path = NSTemporaryDirectory() + "tessera-fold-\(ProcessInfo.processInfo.processIdentifier)-\(count)"
        defer { for name in [path, path + ".gz"] { try? FileManager.default.removeItem(atPath: name) } }
        try Data(folded).write(to: URL(fileURLWithPath: path + ".gz"))
        let gunzip = Process()
        gunzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gunzip.arguments = ["gzip", "-d", path + ".gz"]
        try gunzip.run()
        gunzip.waitUntilExit()
        #expect(gunzip.terminationStatus == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(bytes))
    }
}
