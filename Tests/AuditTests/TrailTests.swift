import Foundation
import JSON
import Testing

@testable import Audit

@Suite("The trail")
struct TrailTests {
    @Test("An event is read back as it was written")
    func roundTrip() throws {
        var event = TrailFixture.event(4)
        event.user = AuditUser(issuer: "i", subject: "s", name: "n", token: "t", roles: ["r"], purposes: ["p", "q"])
        event.kind = .query
        event.outcome = .serious
        event.reason = "an emergency"
        event.detail = "no"
        event.omitted = 3
        event.rules = "v1"
        event.transaction = "ITI-9"
        event.request = "x"
        event.address = "10.0.0.1"
        event.entities.append(AuditEntity(golden: "g", version: 4_000_000_000, done: "read"))
        let value = try JSONValue(parsing: event.encoded.span.bytes)
        #expect(AuditEvent(value) == event)
    }

    @Test("Everybody who records at once is told when it is on the disk, each once and in one chain")
    func many() async throws {
        let fixture = try TrailFixture()
        defer { fixture.remove() }
        let trail = try AuditTrail(AuditSettings(directory: fixture.directory), now: { 5 })
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<500 {
                group.addTask { (try? await trail.record(TrailFixture.event(number))) != nil }
            }
            for await isDone in group { #expect(isDone) }
        }
        await trail.close()
        let report = AuditVerifier().verify(directory: fixture.directory)
        #expect(report.isWhole && report.entries == 500)
        await #expect(throws: AuditError.self) { try await trail.record(TrailFixture.event(1)) }
    }

    @Test("An entry that a crash left unfinished is cut off, and the trail goes on")
    func torn() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        try trail.write(0..<5, fileBytes: 1 << 20)
        let path = try #require(try trail.files.last)
        let bytes = try trail.bytes(path)
        try trail.put(bytes + Array("6 abc".utf8), path)
        #expect(!trail.isWhole())
        let writer = try AuditWriter(AuditSettings(directory: trail.directory))
        #expect(writer.droppedBytes == 5)
        try writer.write([TrailFixture.event(9)], at: 9)
        #expect(trail.isWhole())
    }

    @Test("A trail that ends before its head says is not continued")
    func cut() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        try trail.write(0..<5, fileBytes: 1 << 20)
        let path = try #require(try trail.files.last)
        let lines = try trail.bytes(path).split(separator: 0x0A).map { Array($0) + [0x0A] }
        try trail.put(Array(lines.dropLast().joined()), path)
        #expect(throws: AuditError.self) { try AuditWriter(AuditSettings(directory: trail.directory)) }
    }

    @Test("Only one process writes a trail")
    func locked() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        let first = try AuditWriter(AuditSettings(directory: trail.directory))
        #expect(throws: AuditError.self) { try AuditWriter(AuditSettings(directory: trail.directory)) }
        try first.write([TrailFixture.event(1)], at: 1)
    }

    @Test("While a disk fails nothing is recorded and everybody is told; afterwards the chain is whole")
    func failing() async throws {
        let fixture = try TrailFixture()
        defer { fixture.remove() }
        let disk = FailingDisk()
        let writer = try AuditWriter(AuditSettings(directory: fixture.directory)) { path throws(AuditError) in
            FailingFile(try AppendFile(path), disk)
        }
        let clock = ManualTime()
        let trail = AuditTrail(writer, fixture.directory, now: { clock.now })
        try await trail.record(TrailFixture.event(0))
        for step in FailingDisk.Step.allCases {
            disk.failing = step
            await #expect(throws: AuditError.self) { try await trail.record(TrailFixture.event(3)) }
            #expect(trail.fault != nil)
            await #expect(throws: AuditError.self) { try await trail.record(TrailFixture.event(6)) }
            disk.failing = nil
            clock.advance(2_000)
            // Asking makes the new attempt; it is done when the queue has come by.
            while trail.fault != nil {
                clock.advance(2_000)
                await Task.yield()
            }
            try await trail.record(TrailFixture.event(9))
            #expect(fixture.isWhole())
        }
        await trail.close()
        let found = try AuditReader(directory: fixture.directory).find(AuditQuery(), before: nil, limit: 100).found
        #expect(found.filter { $0.event.interaction == "resume" }.count >= FailingDisk.Step.allCases.count)
        #expect(!found.contains { $0.event.time == 1_006 || $0.event.time == 1_003 })
    }

    @Test("What was only read may be lost with the power until it is settled; the trail goes on without it")
    func lag() throws {
        let trail = try TrailFixture()
        defer { trail.remove() }
        func writer() throws -> AuditWriter { try AuditWriter(AuditSettings(directory: trail.directory)) }
        func afterLosingPower(keeping bytes: [UInt8]) throws {
            try trail.put(bytes, try #require(try trail.files.last))
        }
        var synced: [UInt8] = []
        do {
            let writer = try writer()
            try writer.write([TrailFixture.event(0)], at: 1)
            #expect(!writer.isBehind)
            synced = try trail.bytes(try #require(try trail.files.last))
            try writer.write([TrailFixture.event(1), TrailFixture.event(2)], at: 2)
            #expect(writer.isBehind)
            let report = AuditVerifier().verify(directory: trail.directory)
            #expect(report.isWhole && report.told == 1 && report.last == 3)
            #expect(report.remarks == ["the head does not yet tell of the last 2 entries"])
            #expect(try trail.bytes(try #require(try trail.files.last)).count > synced.count)
        }
        try afterLosingPower(keeping: synced)
        do {
            let writer = try writer()
            #expect(writer.number == 1)
            try writer.write([TrailFixture.event(4)], at: 3)
            try writer.settle(at: 4)
            #expect(!writer.isBehind)
            let report = AuditVerifier().verify(directory: trail.directory)
            #expect(report.isWhole && report.told == report.last && report.remarks.isEmpty)
        }
        try afterLosingPower(keeping: synced)
        #expect(throws: AuditError.self) { try writer() }
    }

    @Test("Only a reading that succeeded without broken glass may lag")
    func promptness() {
        var event = TrailFixture.event(1)
        #expect(event.mayLag)
        #expect(!TrailFixture.event(3).mayLag)
        event.reason = "an emergency"
        #expect(!event.mayLag)
        event.reason = ""
        event.outcome = .serious
        #expect(!event.mayLag)
        event.outcome = .success
        event.interaction = "operation"
        #expect(!event.mayLag)
    }

    @Test("Auditors find what they look for, the newest first, page by page")
    func search() throws {
        let fixture = try TrailFixture()
        defer { fixture.remove() }
        try fixture.write(0..<60)
        let reader = AuditReader(directory: fixture.directory)
        var query = AuditQuery()
        query.agent = "clinic-2"
        var numbers: [UInt64] = []
        var before: UInt64?
        repeat {
            let page = try reader.find(query, before: before, limit: 5)
            numbers += page.found.map(\.number)
            before = page.next
            for found in page.found { #expect(try reader.event(found.number) == found.event) }
        } while before != nil
        #expect(numbers.count == 12)
        #expect(numbers == numbers.sorted(by: >))
        query = AuditQuery()
        query.patient = "v7"
        #expect(try reader.find(query, before: nil, limit: 5).found.map(\.event) == [TrailFixture.event(7)])
        query.patientSystem = "urn:b"
        #expect(try reader.find(query, before: nil, limit: 5).found.isEmpty)
        query = AuditQuery()
        query.from = 1_050
        query.until = 1_052
        query.action = .execute
        #expect(try reader.find(query, before: nil, limit: 5).found.map(\.event.time) == [1_050])
    }
}

/// What fails now.
final class FailingDisk: @unchecked Sendable {  // one test changes it while nobody writes
    enum Step: CaseIterable { case append, sync, replace }
    var failing: Step?
}

/// A file on such a disk.
final class FailingFile: TrailFile {
    private let file: AppendFile
    private let disk: FailingDisk

    init(_ file: AppendFile, _ disk: FailingDisk) {
        self.file = file
        self.disk = disk
    }

    private func check(_ step: FailingDisk.Step) throws(AuditError) {
        if disk.failing == step { throw AuditError(.system, "no space left") }
    }

    var size: Int { file.size }
    func append(_ bytes: [UInt8]) throws(AuditError) {
        try check(.append)
        try file.append(bytes)
    }
    func replace(_ bytes: [UInt8]) throws(AuditError) {
        try check(.replace)
        try file.replace(bytes)
    }
    func cut(at place: Int) throws(AuditError) { try file.cut(at: place) }
    func sync() throws(AuditError) {
        try check(.sync)
        try file.sync()
    }
    func lock() throws(AuditError) { try file.lock() }
}

/// A clock that stands until it is moved.
final class ManualTime: @unchecked Sendable {  // guarded by its lock
    private let lock = NSLock()
    private var time: UInt64 = 10_000
    var now: UInt64 { lock.withLock { time } }
    func advance(_ milliseconds: UInt64) { lock.withLock { time += milliseconds } }
}
