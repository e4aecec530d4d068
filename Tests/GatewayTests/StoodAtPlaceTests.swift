import Entrance
import Identifiers
import Identity
import JSON
import TestRandom
import Testing

@testable import Coordinator
@testable import Gateway

/// Which version of a record stood at a place in the change feed, whatever the clocks said.
@Suite("The version that stood at a place in the feed")
struct StoodAtPlaceTests {
    private let key = RecordKey(source: "urn:clinic", value: "1")

    private func record(_ key: RecordKey, _ version: UInt32, sequence: UInt64, updated: UInt64) -> StoredRecord {
        StoredRecord(
            key: key,
            id: key.id,
            version: version,
            deleted: false,
            updated: updated,
            golden: GoldenID(birth: Sequence(1)),
            document: Array(Sample.patient(key.value, family: "V\(version)").utf8),
            sequence: Sequence(sequence)
        )
    }

    @Test("It is the last one written by then, of any number of versions", arguments: UInt64(0)..<40)
    func twin(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var sequence: UInt64 = 0
        var versions: [StoredRecord] = []
        for version in 1...UInt32.random(in: 1...40, using: &random) {
            sequence += .random(in: 1...5, using: &random)
            let clock = UInt64.random(in: 0...1_000, using: &random)
            versions.append(record(key, version, sequence: sequence, updated: clock))
        }
        let registry = FakeRegistry()
        await registry.put(versions, [])
        let current = try #require(versions.last)
        for place in 0...sequence + 1 {
            let stood = versions.last { $0.sequence.rawValue <= place }
            let found = try await registry.version(at: Sequence(place), of: current)
            #expect(found?.version == stood?.version)
        }
    }

    @Test("A subscriber is told of the version that stood when a record came to another person")
    func subscription() async throws {
        let doors = DoorFixture()
        let other = RecordKey(source: "urn:clinic", value: "2")
        // The second version was decided after the other record's write, and took its time before it.
        let versions = [record(key, 1, sequence: 1, updated: 100), record(key, 2, sequence: 5, updated: 200)]
        let linked = ChangesPage.Entry(
            sequence: Sequence(3),
            at: 300,
            record: ChangedRecord(record: other.id, version: 1, change: .created),
            events: [
                .recordLinked(record: key.id, from: GoldenID(birth: Sequence(1)), to: GoldenID(birth: Sequence(2)))
            ]
        )
        await doors.registry.put(versions, [linked])
        await doors.registry.put([record(other, 1, sequence: 3, updated: 300)], [])
        let told = try await reading(doors).read(after: .zero, count: 0).subjects
        #expect(told.map(\.event.version) == [1, 1])
        #expect(told.last?.event.record == key.id)
    }

    private func reading(_ doors: DoorFixture) throws -> SubscriptionReading {
        let body = """
            {"resourceType":"Subscription","status":"requested","reason":"r","criteria":"Patient",\
            "channel":{"type":"rest-hook","endpoint":"http://subscriber.example/","payload":"application/fhir+json"}}
            """
        let spec = try SubscriptionSpec(try JSONValue(parsing: Array(body.utf8).span.bytes))
        return SubscriptionReading(services: doors.gateway.services, spec: spec, grant: .open("test"))
    }

    @Test("An export holds what stood at its last write, though a later one bears an earlier time")
    func export() async throws {
        let doors = DoorFixture()
        await doors.registry.put([record(key, 1, sequence: 1, updated: 1_784_592_001_000)], [])
        let started = await doors.send("GET", "/fhir/$export", "", ["prefer": "respond-async"])
        #expect(started.status == 202)
        await doors.registry.put([record(key, 2, sequence: 9, updated: 1_784_592_000_500)], [])
        let base = "https://registry.example"
        let status = try #require(started.headers["content-location"])
        let manifest = await doors.send("GET", String(status.dropFirst(base.count)))
        let file = try #require(manifest.json["output"]?[0]?["url"]?.string)
        let lines = await doors.send("GET", String(file.dropFirst(base.count)))
        #expect(lines.text.contains("\"V1\"") && !lines.text.contains("\"V2\""))
    }
}
