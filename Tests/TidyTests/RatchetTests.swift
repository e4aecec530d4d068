import Foundation
import Testing

/// Counts that may only fall.
@Suite("Ratchets")
struct RatchetTests {
    @Test("A promise to be Sendable unchecked gives its reason on the same line")
    func reasons() {
        for file in Repository.sources {
            for (index, line) in file.lines.enumerated() where line.contains("@unchecked Sendable") {
                guard !line.drop(while: { $0 == " " }).hasPrefix("//") else { continue }
                let reason = line.firstRange(of: "//").map { line[$0.upperBound...].count } ?? 0
                #expect(reason > 10, "\(file.path):\(index + 1): @unchecked Sendable without a reason on its line")
            }
        }
    }

    @Test("Unchecked promises may only become fewer", arguments: Repository.rooms)
    func unchecked(room: String) {
        let count = mentions(of: ["@unchecked"], in: room)
        let allowed = Allowances.uncheckedSendable[room] ?? 0
        #expect(count <= allowed, "\(room) has \(count) unchecked promises to be Sendable, \(allowed) are allowed")
    }

    @Test("Unsafe constructs may only become fewer", arguments: Repository.rooms)
    func unsafeConstructs(room: String) {
        let count = mentions(of: ["Unsafe", "unsafe", "Unmanaged", "OpaquePointer"], in: room)
        let allowed = Allowances.unsafeMentions[room] ?? 0
        #expect(count <= allowed, "\(room) mentions unsafe constructs \(count) times, \(allowed) are allowed")
    }

    private func mentions(of words: [String], in room: String) -> Int {
        Repository.sources.filter { $0.room == room }.reduce(0) { sum, file in
            words.reduce(sum) { $0 + file.code.components(separatedBy: $1).count - 1 }
        }
    }
}
