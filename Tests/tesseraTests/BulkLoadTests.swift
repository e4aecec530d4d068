import ArgumentParser
import Coordinator
import Demographics
import Foundation
import Identifiers
import LoadTest
import RecordFiles
import RuleSets
import ShardStore
import Testing

@testable import tessera

/// A bulk load leaves what the live path would have left, and the live path goes on from there.
@Suite("Bulk load", .serialized)
struct BulkLoadTests {
    private let population = PopulationGenerator(people: 700, seed: 5, duplicates: 350)

    private func scratch() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "bulk-\(UUID())").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// A file with some records of the population, and then others once more under the names of the first.
    private func file(_ directory: String, _ range: Range<Int>, versions: Int = 0) throws -> String {
        var bytes: [UInt8] = []
        population.writeCSV(0..<1) { bytes = Array($0.prefix { $0 != 0x0A }) + [0x0A] }
        for index in range { population[index].appendCSV(to: &bytes) }
        for record in replacements(versions) { record.appendCSV(to: &bytes) }
        let path = "\(directory)/people.csv"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// Other people's data under the names of the first records.
    private func replacements(_ count: Int) -> [SyntheticRecord] {
        (0..<count).map { index in
            var record = population[population.count - 1 - index]
            record.recordID = population[index].recordID
            record.source = population[index].source
            return record
        }
    }

    /// The records of a file, as the live path would be sent them.
    private func records(_ path: String) throws -> [SourceRecord] {
        var reader = try RecordFileReader(path: path)
        var records: [SourceRecord] = []
        while let item = try reader.next() {
            if case .record(_, let record, _) = item { records.append(record) }
        }
        return records
    }

    private func load(_ path: String, into directory: String, shards: Int) async throws -> BulkLoad.Outcome {
        let input = try BatchInput.parse([path, "--rejects", "\(directory)/rejects.csv"])
        let load = BulkLoad(
            directory: directory,
            shards: shards,
            rules: try RuleSetFile.standardRules(),
            input: input,
            isQuiet: true
        )
        return try await load.run().outcome
    }

    @Test("The same persons, golden identifiers, documents, events and questions; and the same ever after")
    func equal() async throws {
        let (bulk, live) = (try scratch(), try scratch())
        defer { for path in [bulk, live] { try? FileManager.default.removeItem(atPath: path) } }
        let count = population.count - 150
        let path = try file(bulk, 0..<count)
        let outcome = try await load(path, into: bulk, shards: 3)
        #expect(outcome.stored == count)
        #expect(outcome.replaced == 0)
        let first = try records(path)
        let rest = population[count...].map { $0.sourceRecord() }
        let expected = try await EmbeddedRegistry.run(in: live, shards: 2) { registry in
            try await registry.take(first)
            let before = try await registry.picture()
            try await registry.take(rest)
            return [before, try await registry.picture()]
        }
        let found = try await EmbeddedRegistry.run(in: bulk, shards: 3) { registry in
            let before = try await registry.picture()
            try await registry.take(rest)
            return [before, try await registry.picture()]
        }
        for (one, other) in zip(found, expected) {
            #expect(one.links == other.links)
            #expect(one.differing(from: other) == [])
            #expect(one.versions == other.versions)
            #expect(one.events == other.events)
            #expect(one.reviews == other.reviews)
        }
        // There was something to get wrong.
        #expect(expected[0].persons.count < count - 50)
        #expect(expected[1].persons.contains { $0.count > 2 })
    }

    @Test("Of several versions of a record the last counts")
    func versions() async throws {
        let (bulk, live) = (try scratch(), try scratch())
        defer { for path in [bulk, live] { try? FileManager.default.removeItem(atPath: path) } }
        let path = try file(bulk, 0..<400, versions: 60)
        let outcome = try await load(path, into: bulk, shards: 2)
        #expect(outcome.stored == 400)
        #expect(outcome.replaced == 60)
        let records = try records(path)
        let expected = try await EmbeddedRegistry.run(in: live, shards: 2) { registry in
            try await registry.take(records)
            return try await registry.picture()
        }
        let found = try await EmbeddedRegistry.run(in: bulk, shards: 2) { try await $0.picture() }
        #expect(found.persons == expected.persons)
        #expect(found.differing(from: expected) == [])
        #expect(found.versions.values.allSatisfy { $0 == 1 })
    }

    @Test("What is interrupted is no registry, and a second run puts it right")
    func interrupted() async throws {
        let bulk = try scratch()
        defer { try? FileManager.default.removeItem(atPath: bulk) }
        let path = try file(bulk, 0..<300)
        // An attempt that died while it wrote: what it left is dropped.
        try FileManager.default.createDirectory(atPath: "\(bulk)/shard-2/bulk", withIntermediateDirectories: true)
        try Data([1, 2, 3]).write(to: URL(filePath: "\(bulk)/shard-2/bulk/run-7.mdb"))
        #expect(throws: StoreError.self) { try ShardStore(directory: "\(bulk)/shard-2") }
        #expect(try await load(path, into: bulk, shards: 2).stored == 300)
        let whole = try await EmbeddedRegistry.run(in: bulk, shards: 2) { try await $0.picture() }
        #expect(whole.links.count == 300)
        // A run that died when one of two stores was in place: the other one waits, and is no store until then.
        let other = try scratch()
        defer { try? FileManager.default.removeItem(atPath: other) }
        #expect(try await load(path, into: other, shards: 2).stored == 300)
        try FileManager.default.moveItem(atPath: "\(other)/shard-2/state", toPath: "\(other)/shard-2/bulk")
        try Data().write(to: URL(filePath: "\(other)/shard-2/bulk/sealed"))
        #expect(throws: StoreError.self) { try ShardStore(directory: "\(other)/shard-2") }
        #expect(try await load(path, into: other, shards: 2).isResumed)
        let resumed = try await EmbeddedRegistry.run(in: other, shards: 2) { try await $0.picture() }
        #expect(resumed.links == whole.links)
        #expect(resumed.events == whole.events)
    }

    @Test("A registry that is there is not touched")
    func refused() async throws {
        let bulk = try scratch()
        defer { try? FileManager.default.removeItem(atPath: bulk) }
        let path = try file(bulk, 0..<50)
        let records = population[60..<70].map { $0.sourceRecord() }
        try await EmbeddedRegistry.run(in: bulk, shards: 2) { try await $0.take(records) }
        await #expect(throws: CommandFailure.self) { try await load(path, into: bulk, shards: 2) }
        let picture = try await EmbeddedRegistry.run(in: bulk, shards: 2) { try await $0.picture() }
        #expect(picture.links.count == 10)
    }

    @Test("What does not go together is said before anything is done")
    func options() throws {
        #expect(throws: (any Error).self) { try LoadCommand.parse(["a.csv", "--bulk"]) }
        #expect(throws: (any Error).self) { try LoadCommand.parse(["a.csv", "--data", "d"]) }
        let command = try LoadCommand.parse(["-", "--bulk", "--data", "d"])
        #expect(throws: ValidationError.self) { try command.bulk.check(command.patients, nil) }
    }
}
