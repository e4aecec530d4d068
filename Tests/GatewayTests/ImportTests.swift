import Coordinator
import Identifiers
import JSON
import Locks
import Testing

@testable import Gateway

/// Imports whose coordinator falls: another one goes on where they were.
@Suite("Imports that survive")
struct ImportTests {
    /// A clock that is set by hand.
    private final class HandClock: CoordinatorClock {
        private let now = Mutex<UInt64>(1_784_592_000_000)

        func milliseconds() -> UInt64 { now.withLock { $0 } }
        func pass(_ milliseconds: UInt64) { now.withLock { $0 += milliseconds } }
        func sleep(_ duration: Duration) async { try? await Task.sleep(for: .milliseconds(1)) }
    }

    private static func line(_ number: Int) -> String {
        "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"urn:clinic\",\"value\":\"\(number)\"}],"
            + "\"name\":[{\"family\":\"F\(number)\"}]}"
    }

    /// A job as a coordinator leaves it that fell after some lines.
    private func leave(_ lines: [String], done: Int, failed: Int, in registry: FakeRegistry) async throws -> ImportJob {
        var job = ImportJob(id: "j1", time: 1, request: "r", client: "anonymous", inputs: [.init(url: "")])
        job.state = .running
        job.runner = 7
        let body = Array(lines.joined(separator: "\n").utf8)
        // Pieces are cut anywhere, also within a line.
        for (number, start) in stride(from: 0, to: body.count, by: 50).enumerated() {
            try await registry.note(ImportJob.body("j1", number), Array(body[start..<min(start + 50, body.count)]))
            job.bodyPieces = number + 1
        }
        job.inputs[0].line = done
        job.inputs[0].failed = failed
        job.inputs[0].stored = done - failed
        if failed > 0 {
            let text = (0..<failed + 3).map { "{\"resourceType\":\"OperationOutcome\",\"id\":\"\($0)\"}\n" }.joined()
            try await registry.note(ImportJob.errors("j1", 0, 0), Array(text.utf8))
        }
        try await registry.note(ImportJob.name("j1"), job.encoded())
        try await registry.note(ImportJob.running, Array("j1".utf8))
        return job
    }

    private func job(_ registry: FakeRegistry) async throws -> ImportJob? {
        try await registry.note(ImportJob.name("j1")).flatMap { ImportJob("j1", decoding: $0) }
    }

    @Test("The next leader goes on after the last line that was kept, and counts nothing twice")
    func takenUp() async throws {
        let doors = DoorFixture()
        let clock = HandClock()
        var lines = (0..<40).map(Self.line)
        lines[5] = ""
        lines[30] = "{\"resourceType\":\"Patient\"}"
        _ = try await leave(lines, done: 20, failed: 2, in: doors.registry)
        let keeper = doors.gateway.importKeeper(clock: clock)
        var sign = try await keeper.look(nil)
        #expect(sign != nil)
        clock.pass(ImportJob.patience - 1)
        sign = try await keeper.look(sign)
        #expect(try await job(doors.registry)?.runner == 7, "too early")
        clock.pass(1)
        sign = try await keeper.look(sign)
        #expect(sign == nil)
        var done = try await job(doors.registry)
        for _ in 0..<5_000 where done?.state == .running {
            try await Task.sleep(for: .milliseconds(1))
            done = try await job(doors.registry)
        }
        #expect(done?.state == .done && done?.runner != 7)
        #expect(done?.inputs[0] == .init(url: "", line: 40, stored: 18 + 19, held: 0, failed: 3, errorFiles: 1))
        #expect(try await doors.registry.record(RecordKey(source: "urn:clinic", value: "19")) == nil, "stored before")
        #expect(try await doors.registry.record(RecordKey(source: "urn:clinic", value: "20")) != nil)
        let errors = String(decoding: try await doors.registry.note(ImportJob.errors("j1", 0, 0)) ?? [], as: UTF8.self)
        let outcomes = errors.split(separator: "\n")
        // Two that were kept, none of those that were not counted, and the one of line 31.
        #expect(outcomes.count == 3 && outcomes[2].contains("line 31"), "\(errors)")
        #expect(try await doors.registry.note(ImportJob.running) == nil)
        #expect(try await doors.registry.note(ImportJob.body("j1", 0)) == nil)
    }

    @Test("One that shows signs of life, or ended, is left alone")
    func leftAlone() async throws {
        let doors = DoorFixture()
        let clock = HandClock()
        var left = try await leave([Self.line(1)], done: 0, failed: 0, in: doors.registry)
        let keeper = doors.gateway.importKeeper(clock: clock)
        var sign = try await keeper.look(nil)
        for beat in 1...5 as ClosedRange<UInt64> {
            clock.pass(ImportJob.patience)
            left.updated += beat
            try await doors.registry.note(ImportJob.name("j1"), left.encoded())
            sign = try await keeper.look(sign)
            #expect(try await job(doors.registry)?.runner == 7)
        }
        left.state = .done
        try await doors.registry.note(ImportJob.name("j1"), left.encoded())
        #expect(try await keeper.look(sign) == nil)
        #expect(try await doors.registry.note(ImportJob.running) == nil)
    }

    @Test("What nobody was promised is thrown away")
    func unpromised() async throws {
        let doors = DoorFixture()
        let clock = HandClock()
        var left = try await leave([Self.line(1)], done: 0, failed: 0, in: doors.registry)
        left.state = .receiving
        try await doors.registry.note(ImportJob.name("j1"), left.encoded())
        let keeper = doors.gateway.importKeeper(clock: clock)
        let sign = try await keeper.look(nil)
        clock.pass(ImportJob.patience)
        #expect(try await keeper.look(sign) == nil)
        #expect(try await job(doors.registry) == nil)
        #expect(try await doors.registry.note(ImportJob.running) == nil)
    }

    @Test("A job survives being written down")
    func coding() throws {
        var job = ImportJob(id: "j", time: 5, request: "r", client: "c", inputs: [.init(url: "u", line: 3)])
        job.state = .running
        job.runner = .max
        job.current = 1
        job.bodyPieces = 2
        let read = try #require(ImportJob("j", decoding: job.encoded()))
        #expect(read.encoded() == job.encoded() && read.runner == .max && read.inputs == job.inputs)
    }

    @Test("Lines that were dealt with are left out, however the file is cut", arguments: 1...12)
    func skipping(piece: Int) async throws {
        struct Cut: BulkFile {
            let pieces: Locked

            func next() async throws(BulkSourceFault) -> [UInt8]? { pieces.next() }
            func close() async {}
        }
        final class Locked: Sendable {
            private let rest: Mutex<[[UInt8]]>
            init(_ pieces: [[UInt8]]) { rest = Mutex(pieces) }
            func next() -> [UInt8]? { rest.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        }
        let text = Array("a\n\nbb\nccc\n\ndddd".utf8)
        for lines in 0...8 {
            let pieces = stride(from: 0, to: text.count, by: piece).map {
                Array(text[$0..<min($0 + piece, text.count)])
            }
            let file = SkippingFile(Cut(pieces: Locked(pieces)), lines: lines)
            var found: [UInt8] = []
            while let bytes = try await file.next() { found += bytes }
            let expected = text.split(separator: 0x0A, omittingEmptySubsequences: false).dropFirst(lines)
            #expect(found == Array(expected.joined(separator: [0x0A])))
        }
    }
}
