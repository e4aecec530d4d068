import Coordinator
import Foundation
import Identifiers
import Testing

@testable import Backups

/// What is written is read back, and every byte that changes is noticed and named.
struct BackupFileTests {
    private static let frames = [
        BackupFrame(.rules, content: Array("rules".utf8)),
        BackupFrame(.rows, content: [1, 2, 3]),
        BackupFrame(.batch, first: Sequence(8), last: Sequence(9), content: [4]),
        BackupFrame(.rows, content: []),
        BackupFrame(.batch, first: Sequence(10), last: Sequence(10), content: [5, 6]),
    ]
    private static let log = [BackupFrame(.batch, first: Sequence(11), last: Sequence(12), content: [7])]

    private static let cut = BackupCut(
        epoch: Epoch(3),
        start: Sequence(7),
        cut: Sequence(10),
        rules: RuleSetVersion(digest: .max),
        began: 1,
        ended: 2,
        rows: 4,
        postings: 5
    )

    private func inVault(_ body: (String) async throws -> Void) async throws {
        let vault = NSTemporaryDirectory() + "tessera-backups-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: vault) }
        try FileManager.default.createDirectory(atPath: vault, withIntermediateDirectories: true)
        try Data("rules: x\n".utf8).write(to: URL(filePath: "\(vault)/rules.yaml"))
        try await body(vault)
    }

    private func write(_ vault: String, _ name: String = "one") async throws {
        let keeper = FileVault(directory: vault, program: "test", settings: ["\(vault)/rules.yaml"])
        let sink = try await keeper.begin(name)
        for frame in Self.frames { try await sink.append(frame) }
        try await sink.seal(Self.cut)
        for frame in Self.log { try await sink.append(frame) }
        try await sink.extend(through: Sequence(12))
        await sink.close()
    }

    @Test func framesComeBackInTheirOrder() async throws {
        try await inVault { vault in
            try await write(vault)
            var reader = try BackupReader(directory: "\(vault)/one")
            var found: [BackupFrame] = []
            while let frame = try reader.next() { found.append(frame) }
            #expect(found == Self.frames + Self.log)
            #expect(reader.manifest.cut == Self.cut)
            #expect(reader.manifest.through == Sequence(12))
            #expect(BackupVerifier.verify(directory: "\(vault)/one").faults == [])
            let views = await FileVault(directory: vault, program: "", settings: []).complete()
            #expect(views.map(\.name) == ["one"])
            #expect(views.first?.through == Sequence(12))
        }
    }

    @Test func everyChangedByteIsFoundInItsFile() async throws {
        try await inVault { vault in
            try await write(vault)
            let place = "\(vault)/one"
            let names = try FileManager.default.subpathsOfDirectory(atPath: place).filter { $0 != "settings" }
            #expect(names.count == 5)
            for name in names {
                let url = URL(filePath: "\(place)/\(name)")
                let whole = try Data(contentsOf: url)
                for offset in whole.indices {
                    var damaged = whole
                    damaged[offset] ^= 0x10
                    try damaged.write(to: url)
                    let faults = BackupVerifier.verify(directory: place).faults
                    // A sum that is changed is a file that does not fit its sum.
                    let isNamed = faults.contains { $0.contains(name) } || (name == "SHA256SUMS" && !faults.isEmpty)
                    #expect(isNamed, "\(name) at \(offset): \(faults)")
                }
                try whole.dropLast().write(to: url)
                #expect(!BackupVerifier.verify(directory: place).faults.isEmpty)
                try FileManager.default.removeItem(at: url)
                #expect(!BackupVerifier.verify(directory: place).faults.isEmpty)
                try whole.write(to: url)
            }
            #expect(BackupVerifier.verify(directory: place).faults == [])
        }
    }

    @Test func anUnknownFormatIsRefusedWithItsNumber() async throws {
        try await inVault { vault in
            try await write(vault)
            let url = URL(filePath: "\(vault)/one/manifest.json")
            let text = try String(contentsOf: url, encoding: .utf8)
            try Data(text.replacing("\"format\": 1", with: "\"format\": 2").utf8).write(to: url)
            let fault = #expect(throws: BackupFault.self) { _ = try BackupReader(directory: "\(vault)/one") }
            #expect(fault?.description == "manifest.json is of format 2; this program reads format 1")
        }
    }

    @Test func aBackupThatWasNotSealedLeavesNothing() async throws {
        try await inVault { vault in
            let keeper = FileVault(directory: vault, program: "test", settings: [])
            let sink = try await keeper.begin("half")
            try await sink.append(Self.frames[0])
            await sink.close()
            #expect(try FileManager.default.contentsOfDirectory(atPath: vault) == ["rules.yaml"])
            #expect(await keeper.complete().isEmpty)
        }
    }

    @Test(arguments: ["", ".", "..", "a/b", ".hidden", "ä", String(repeating: "x", count: 65)])
    func namesThatAreNoneAreRefused(_ name: String) async throws {
        try await inVault { vault in
            let keeper = FileVault(directory: vault, program: "test", settings: [])
            await #expect(throws: BackupFault.self) { _ = try await keeper.begin(name) }
        }
    }

    @Test func aNameIsTakenOnce() async throws {
        try await inVault { vault in
            try await write(vault)
            await #expect(throws: BackupFault("there is a backup called one already")) { try await write(vault) }
        }
    }
}
