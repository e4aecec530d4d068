import TestRandom
import Foundation
import OpenSSL
import Testing

@testable import Audit

@Suite("A trail that was touched")
struct TamperingTests {
    @Test("A trail that nobody touched is whole, whatever files it is spread over and however often it is continued")
    func whole() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        try trail.write(0..<40)
        try trail.write(40..<41)
        try trail.write(41..<60, fileBytes: 1 << 20)
        let report = AuditVerifier().verify(directory: trail.directory)
        #expect(report.faults == [])
        #expect(report.files > 3)
        // A checkpoint follows every seventh event of a run: 5, none, 2.
        #expect(report.entries == 60 + 5 + 0 + 2)
        #expect(report.last == report.entries)
    }

    @Test("Any byte that is another one is noticed, in every file", arguments: 0..<4 as Range<UInt64>)
    func changed(seed: UInt64) throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        try trail.write(0..<25)
        var random = SeededGenerator(seed: seed)
        for path in try trail.files + ["\(trail.directory)/head"] {
            let bytes = try trail.bytes(path)
            for place in stride(from: Int(seed), to: bytes.count, by: 4) {
                var other = bytes
                other[place] ^= UInt8.random(in: 1...255, using: &random)
                try trail.put(other, path)
                #expect(!trail.isWhole(), "byte \(place) of \(path)")
            }
            try trail.put(bytes, path)
        }
        #expect(trail.isWhole())
    }

    @Test("Lines that are removed, doubled or exchanged are noticed")
    func lines() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        try trail.write(0..<25)
        for path in try trail.files {
            let bytes = try trail.bytes(path)
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true).map { Array($0) + [0x0A] }
            for index in lines.indices {
                var fewer = lines
                fewer.remove(at: index)
                try trail.put(Array(fewer.joined()), path)
                #expect(!trail.isWhole(), "without line \(index) of \(path)")
                var more = lines
                more.insert(lines[index], at: index)
                try trail.put(Array(more.joined()), path)
                #expect(!trail.isWhole(), "line \(index) twice in \(path)")
                guard index > 0 else { continue }
                var moved = lines
                moved.swapAt(index - 1, index)
                try trail.put(Array(moved.joined()), path)
                #expect(!trail.isWhole(), "lines \(index - 1) and \(index) exchanged in \(path)")
            }
            try trail.put(bytes, path)
        }
        #expect(trail.isWhole())
    }

    @Test("A trail that was cut anywhere is noticed: within a line, between lines, a file, all files, the head")
    func cut() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        try trail.write(0..<25)
        let files = try trail.files
        let last = try #require(files.last)
        let bytes = try trail.bytes(last)
        for count in 0..<bytes.count {
            try trail.put(Array(bytes[..<count]), last)
            #expect(!trail.isWhole(), "cut at \(count)")
        }
        try trail.put(bytes, last)
        for path in files + ["\(trail.directory)/head"] {
            let bytes = try trail.bytes(path)
            try FileManager.default.removeItem(atPath: path)
            #expect(!trail.isWhole(), "without \(path)")
            try trail.put(bytes, path)
        }
        for path in files { try FileManager.default.removeItem(atPath: path) }
        #expect(!trail.isWhole())
    }

    @Test("Who rewrites the whole chain cannot sign it")
    func signed() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        let key = try SigningFixture()
        defer { key.remove() }
        try trail.write(0..<20, key: key.privatePath)
        let verifier = AuditVerifier(key: try PublicKey(pemPath: key.publicPath))
        let report = verifier.verify(directory: trail.directory)
        #expect(report.faults == [])
        #expect(report.signatures == 3)
        let other = try TrailFixture()
        defer { other.remove() }
        try other.write(1..<21)
        #expect(AuditVerifier().verify(directory: other.directory).isWhole)
        #expect(!verifier.verify(directory: other.directory).isWhole)
        let stranger = try SigningFixture()
        defer { stranger.remove() }
        let forged = try TrailFixture()
        defer { forged.remove() }
        try forged.write(1..<21, key: stranger.privatePath)
        #expect(!verifier.verify(directory: forged.directory).isWhole)
    }
}

/// A key pair in files.
struct SigningFixture {
    let directory: String
    var privatePath: String { directory + "/key.pem" }
    var publicPath: String { directory + "/public.pem" }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Self.openssl(["genpkey", "-algorithm", "ed25519", "-out", privatePath])
        try Self.openssl(["pkey", "-in", privatePath, "-pubout", "-out", publicPath])
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
    }
}
