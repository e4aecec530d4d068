import Foundation
import RecordFiles
import Testing
import Transport

@testable import tessera

/// `tessera load` against a server that misbehaves.
@Suite("Load")
struct LoadTests {
    /// A folder of its own for a test.
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "tessera-load-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// A CSV of records `r0` to `r<count-1>`, every tenth of which occurs again in a later version.
    private func file(_ name: String = "clinic.csv", records count: Int) throws -> (path: String, lines: Int) {
        var text = "record_id,given_name,family_name\n"
        var lines = 0
        for number in 0..<count {
            text += "r\(number),Amina \(number),Okello\n"
            lines += 1
        }
        for number in stride(from: 0, to: count, by: 10) {
            text += "r\(number),Amina \(number),Second\nr\(number),Amina \(number),Third\n"
            lines += 2
        }
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return (path, lines)
    }

    private func load(
        _ paths: [String],
        into registry: FakeRegistry,
        connections: Int = 3,
        patience: Duration = .seconds(20),
        stall: Duration = .seconds(60)
    ) async throws -> (counts: LoadTally.Counts, failure: CommandFailure?) {
        try await registry.serve { url in
            let sink = RejectsSink(path: folder + "/rejects.csv", files: paths)
            let tally = LoadTally(start: ContinuousClock().now, rejects: sink)
            var settings = LaneSettings(lanes: connections)
            settings.firstPause = .milliseconds(5)
            settings.longestPause = .milliseconds(50)
            settings.patience = patience
            settings.stall = stall
            let run = LoadRun(
                url: url,
                endpoint: Endpoint(host: url.host, port: url.port),
                paths: paths,
                options: RecordFileOptions(),
                connections: connections,
                settings: settings,
                tally: tally,
                notice: { _ in }
            )
            do throws(CommandFailure) {
                try await run.run()
                return (tally.counts, nil)
            } catch {
                return (tally.counts, error)
            }
        }
    }

    /// Whether the registry holds exactly the last version of each record.
    private func expectLastVersions(_ registry: FakeRegistry, records count: Int) {
        let stored = registry.stored
        #expect(stored.count == count)
        for number in 0..<count {
            let text = String(decoding: stored["r\(number)"] ?? [], as: UTF8.self)
            #expect(text.contains(number % 10 == 0 ? "Third" : "Okello"), "r\(number): \(text)")
        }
    }

    @Test("Everything is acknowledged once", arguments: [1, 4, 32])
    func plain(connections: Int) async throws {
        let registry = FakeRegistry()
        let (path, lines) = try file(records: 5_000)
        let (counts, failure) = try await load([path], into: registry, connections: connections)
        #expect(failure == nil)
        #expect(counts.read == lines)
        #expect(counts.acknowledged == lines)
        #expect(counts.created == 5_000)
        #expect(counts.retried == 0)
        #expect(counts.rejected == 0)
        expectLastVersions(registry, records: 5_000)
    }

    @Test("Streams that break off, refusals and records to be tried again lose nothing and keep the order")
    func trouble() async throws {
        var moods = FakeRegistry.Moods()
        moods.refusals = 4
        moods.cuts = [0, 1, 17, 300, 5, 900, 2, 3, 64]
        moods.retryEvery = 7
        let registry = FakeRegistry(moods)
        let (path, lines) = try file(records: 3_000)
        let (counts, failure) = try await load([path], into: registry)
        #expect(failure == nil)
        #expect(counts.acknowledged == lines)
        #expect(counts.retried > 0)
        expectLastVersions(registry, records: 3_000)
    }

    @Test("Rejected records are told with line, name and reason, and stop nothing")
    func rejects() async throws {
        var moods = FakeRegistry.Moods()
        moods.rejected = ["r3"]
        let registry = FakeRegistry(moods)
        let (path, lines) = try file(records: 5)
        try "record_id,family_name\na,b,too many\n,no id\nr9,Good\n"
            .write(toFile: folder + "/second.csv", atomically: true, encoding: .utf8)
        let (counts, failure) = try await load([path, folder + "/second.csv"], into: registry)
        #expect(failure == nil)
        #expect(counts.acknowledged == lines)
        #expect(counts.rejected == 3)
        let text = try String(contentsOfFile: folder + "/rejects.csv", encoding: .utf8)
        let rows = text.split(separator: "\n").sorted()
        #expect(rows.count == 4)
        #expect(rows.contains { $0 == "\(path),5,clinic,r3,value,Patient.x,\"no, \"\"never\"\"\"" }, "\(rows)")
        #expect(rows.contains { $0.hasPrefix("\(folder)/second.csv,2,,,structure,,") }, "\(rows)")
        #expect(rows.contains { $0.hasPrefix("\(folder)/second.csv,3,,,structure,,record_id") }, "\(rows)")
    }

    @Test("A server that answers something else is told apart at once")
    func stranger() async throws {
        var moods = FakeRegistry.Moods()
        moods.isStranger = true
        let (path, _) = try file(records: 100)
        let (_, failure) = try await load([path], into: FakeRegistry(moods))
        #expect(failure?.description.contains("is it a Tessera server?") == true)
    }

    @Test("A server that takes records and answers nothing is given up")
    func silence() async throws {
        var moods = FakeRegistry.Moods()
        moods.isSilent = true
        let registry = FakeRegistry(moods)
        let (path, _) = try file(records: 100)
        let (counts, failure) = try await load(
            [path],
            into: registry,
            connections: 1,
            patience: .seconds(3),
            stall: .seconds(1)
        )
        #expect(counts.acknowledged == 0)
        #expect(failure?.description.contains("acknowledged nothing") == true)
        #expect(registry.streams > 1)
    }

    @Test("Nobody at the other end is told after the patience is over")
    func nobody() async throws {
        let (path, _) = try file(records: 100)
        let url = try ServerURL(parsing: "http://127.0.0.1:9")
        let tally = LoadTally(
            start: ContinuousClock().now,
            rejects: RejectsSink(path: folder + "/r.csv", files: [path])
        )
        var settings = LaneSettings()
        settings.patience = .milliseconds(300)
        let run = LoadRun(
            url: url,
            endpoint: Endpoint(host: url.host, port: url.port),
            paths: [path],
            options: RecordFileOptions(),
            connections: 2,
            settings: settings,
            tally: tally,
            notice: { _ in }
        )
        await #expect(throws: CommandFailure.self) { try await run.run() }
    }

    @Test("Rejects of an earlier load are removed, a file of somebody else's is not")
    func staleRejects() throws {
        let sink = RejectsSink(path: folder + "/rejects.csv", files: ["a.csv"])
        try sink.add(LoadRejection(file: 0, line: 1, code: "value", field: "", reason: "no"))
        RejectsSink(path: sink.path, files: []).removeEarlier()
        #expect(!FileManager.default.fileExists(atPath: sink.path))
        try "mine\n".write(toFile: sink.path, atomically: true, encoding: .utf8)
        RejectsSink(path: sink.path, files: []).removeEarlier()
        #expect(FileManager.default.fileExists(atPath: sink.path))
    }

    @Test("A file that is not there fails before anything is sent")
    func missing() throws {
        let (path, _) = try file(records: 1)
        #expect(throws: CommandFailure.self) {
            try LoadReader.totalBytes(of: [path, folder + "/none.csv"], options: RecordFileOptions())
        }
    }
}
