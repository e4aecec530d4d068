import Foundation
import Testing

@testable import Audit

/// A trail that is read forward.
@Suite("Following a trail")
struct FollowerTests {
    private func events(
        _ fixture: TrailFixture,
        after: UInt64,
        through: UInt64,
        limit: Int,
        chunk: Int
    ) throws
        -> [AuditReader.Found]
    {
        var follower = AuditFollower(directory: fixture.directory, after: after, chunkBytes: chunk)
        var found: [AuditReader.Found] = []
        while true {
            let some = try follower.next(limit: limit, through: through)
            #expect(some.count <= limit)
            guard !some.isEmpty else { break }
            found += some
        }
        #expect(follower.missing == 0)
        return found
    }

    @Test("Every event comes once and in order, from any entry on", arguments: [1, 7, 100], [40, 3_000, 1 << 20])
    func everything(limit: Int, chunk: Int) throws {
        let fixture = try TrailFixture()
        defer { fixture.remove() }
        try fixture.write(0..<90)
        #expect(try fixture.files.count > 5)
        let all = try events(fixture, after: 0, through: 1_000, limit: limit, chunk: chunk)
        #expect(all.map(\.event.route) == (0..<90).map { "fhir.patient.\($0)" })
        for start in [0, 1, 6, 7, 8, 50, 89] as [UInt64] {
            let rest = try events(fixture, after: start, through: 1_000, limit: limit, chunk: chunk)
            #expect(rest == all.filter { $0.number > start })
        }
        let some = try events(fixture, after: 10, through: 33, limit: limit, chunk: chunk)
        #expect(some == all.filter { (11...33).contains($0.number) })
    }

    @Test func whatIsWrittenMeanwhileIsFound() throws {
        let fixture = try TrailFixture()
        defer { fixture.remove() }
        var follower = AuditFollower(directory: fixture.directory, after: 0)
        #expect(try follower.next(limit: 10, through: 5).isEmpty, "there is no file yet")
        var found: [String] = []
        for end in [3, 4, 30, 31, 60] {
            try fixture.write(found.count..<end)
            while true {
                let some = try follower.next(limit: 4, through: .max)
                guard !some.isEmpty else { break }
                found += some.map(\.event.route)
            }
            #expect(found == (0..<end).map { "fhir.patient.\($0)" })
        }
    }

    @Test func filesThatWerePutAwayAreCounted() throws {
        let fixture = try TrailFixture()
        defer { fixture.remove() }
        try fixture.write(0..<90)
        let all = try events(fixture, after: 0, through: 1_000, limit: 100, chunk: 1 << 20)
        let files = try fixture.files
        for path in files[..<3] { try FileManager.default.removeItem(atPath: path) }
        let first = try #require(AuditReader.first(files[3]))
        var follower = AuditFollower(directory: fixture.directory, after: 2)
        #expect(try follower.next(limit: 1_000, through: 1_000) == all.filter { $0.number >= first })
        #expect(follower.missing == first - 3)
    }

    @Test func aMarkIsReadAsItWasWrittenAndNothingElse() throws {
        let fixture = try TrailFixture()
        defer { fixture.remove() }
        let mark = ToldMark(directory: fixture.directory, receiver: "syslog")
        #expect(try mark.read() == nil)
        for number in [0, 7, UInt64.max, 3] {
            try mark.write(number)
            #expect(try mark.read() == number)
        }
        let path = fixture.directory + "/told-syslog"
        let bytes = try fixture.bytes(path)
        for place in 0..<(bytes.count - 1) {
            var changed = bytes
            changed[place] ^= 1
            try fixture.put(changed, path)
            #expect(throws: AuditError.self) { try mark.read() }
        }
        for count in 0..<(bytes.count - 1) {
            try fixture.put(Array(bytes[..<count]), path)
            #expect(throws: AuditError.self) { try mark.read() }
        }
    }
}
