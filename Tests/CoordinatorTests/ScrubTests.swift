import Identifiers
import Identity
import Lookup
import Matching
import ShardProtocol
import SimulationKit
import Testing
import Topology

@testable import Coordinator

/// A scrub finds what does not fit the records, mends it, and takes nothing for wrong that is only on its way.
struct ScrubTests {
    private static let tools = KeepingTools(reading: { Crowd.reading($0, $1) })

    private static func scrub(_ registry: Registry, mends: Bool = true) async throws -> ScrubView {
        _ = try await registry.keep(.scrub(mends: mends, recordsPerSecond: 0))
        while true {
            guard let view = try await registry.keep(.report).scrub else { continue }
            if view.phase != .running { return view }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Everything in some shards but intents, a line a row.
    private static func content(_ shards: [TwinShard]) -> Set<String> {
        var lines: Set<String> = []
        for (number, shard) in shards.enumerated() {
            for table in StoreTable.allCases where table != .intent {
                for row in shard.rows(of: table) { lines.insert("\(number) \(table) \(row.key) \(row.value)") }
            }
            for posting in shard.postings { lines.insert("\(number) \(posting)") }
        }
        return lines
    }

    private static let owners = SlotMap(evenly: 3)

    private static func shard(_ shards: [TwinShard], _ hash: UInt64) -> TwinShard {
        shards[Int(owners.owner(ofHash: hash).rawValue)]
    }

    private static func plant(_ shard: TwinShard, _ body: (inout OperationWriter) -> Void) {
        var writer = OperationWriter()
        body(&writer)
        shard.plant(writer)
    }

    /// Plants faults of every kind, each at records of its own.
    ///
    /// - Returns: how many.
    private static func damage(_ shards: [TwinShard]) throws -> Int {
        let homes = try shards.flatMap { $0.rows(of: .home) }.map {
            (RecordID($0.key.hash), try HomeRow(decoding: $0.value))
        }
        let live = homes.filter { !$0.1.deleted }.sorted { $0.0 < $1.0 }
        var single: [RecordID] = []
        var member: [RecordID] = []
        for (id, _) in live {
            let bytes = shard(shards, id.rawValue).rows(of: .link).first { $0.key.hash == id.rawValue }?.value
            switch try bytes.map({ try LinkRow(decoding: $0) }) {
            case .single: single.append(id)
            case .member(_, .some): member.append(id)
            default: break
            }
        }
        let keyOf = { (id: RecordID) -> UInt64 in
            live.first { $0.0 == id }?.1.keys.first { $0.rule != LookupKey.rule }?.hash ?? 0
        }
        var planted = 0
        func take(_ ids: inout [RecordID], _ count: Int, _ body: (RecordID) -> Void) {
            for _ in 0..<count {
                guard let id = ids.popLast() else { return }
                body(id)
                planted += 1
            }
        }
        take(&single, 2) { id in plant(shard(shards, keyOf(id))) { $0.unpost(key: keyOf(id), record: id) } }
        take(&member, 2) { id in
            plant(shard(shards, keyOf(id))) { $0.post(key: keyOf(id), sketch: SketchBits(1, 2, 3), record: id) }
        }
        take(&member, 2) { id in plant(shard(shards, keyOf(id))) { $0.delete(.feature, StoreKey(id.rawValue)) } }
        take(&single, 2) { id in
            plant(shard(shards, keyOf(id))) { $0.put(.feature, StoreKey(id.rawValue), [1, 2, 3]) }
        }
        take(&single, 1) { id in plant(shard(shards, id.rawValue)) { $0.delete(.link, StoreKey(id.rawValue)) } }
        take(&member, 2) { id in plant(shard(shards, id.rawValue)) { $0.delete(.link, StoreKey(id.rawValue)) } }
        // Under keys that they do not have.
        take(&single, 2) { id in
            plant(shard(shards, 77)) { $0.post(key: 77, sketch: SketchBits(0, 0, 0), record: id) }
        }
        // Of records that are not there.
        plant(shards[1]) {
            $0.post(key: Slot(1_500)?.firstHash ?? 0, sketch: SketchBits(0, 0, 0), record: RecordID(4_711))
        }
        plant(shards[2]) { $0.put(.feature, StoreKey(4_712), [9]) }
        planted += 2
        // Golden rows of records whose links are untouched.
        take(&single, 2) { id in
            for shard in shards {
                for row in shard.rows(of: .golden) where row.value == GoldenRow.anchored(id).encoded() {
                    plant(shard) { $0.delete(.golden, row.key) }
                }
            }
        }
        take(&single, 2) { id in
            for shard in shards {
                for row in shard.rows(of: .golden) where row.value == GoldenRow.anchored(id).encoded() {
                    plant(shard) { $0.put(.golden, row.key, GoldenRow.extinct.encoded()) }
                }
            }
        }
        return planted
    }

    private static func populate(_ registry: Registry) async throws {
        for number in stride(from: 0, to: 120, by: 2) {
            let submission = Submission(record: Crowd.record(number, 1), document: Crowd.document(number, 1))
            _ = await registry.submit([submission])
        }
        for turn in 0..<60 { try await Crowd.write(registry, turn) }
    }

    @Test func everyPlantedFaultIsFoundAndMended() async throws {
        try await QuietCluster.run(tools: Self.tools) { cluster in
            try await Self.populate(cluster.registry)
            let clean = try await Self.scrub(cluster.registry)
            #expect(clean.findings == [])
            #expect(clean.records > 50)
            let before = Self.content(cluster.shards)
            let planted = try Self.damage(cluster.shards)
            #expect(planted >= 17)
            #expect(Self.content(cluster.shards) != before)
            let dry = try await Self.scrub(cluster.registry, mends: false)
            #expect(dry.found >= planted)
            #expect(dry.mended == 0)
            let scrubbed = try await Self.scrub(cluster.registry)
            #expect(scrubbed.phase == .complete)
            #expect(scrubbed.mended == scrubbed.found, "\(scrubbed.findings.filter { !$0.isMended })")
            #expect(Self.content(cluster.shards).symmetricDifference(before) == [])
            #expect(try await Self.scrub(cluster.registry).found == 0)
        }
    }

    @Test func writesOnTheirWayAreNoFaults() async throws {
        try await QuietCluster.run(tools: Self.tools) { cluster in
            try await Self.populate(cluster.registry)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<4 {
                    group.addTask {
                        for turn in 0..<150 { try await Crowd.write(cluster.registry, 60 + client + turn * 4) }
                    }
                }
                for _ in 0..<3 {
                    let view = try await Self.scrub(cluster.registry)
                    #expect(view.findings == [])
                    #expect(view.phase == .complete)
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func faultsAreMendedBesideWrites() async throws {
        try await QuietCluster.run(tools: Self.tools) { cluster in
            try await Self.populate(cluster.registry)
            _ = try Self.damage(cluster.shards)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for turn in 0..<150 { try await Crowd.write(cluster.registry, 60 + turn) }
                }
                _ = try await Self.scrub(cluster.registry)
                try await group.waitForAll()
            }
            #expect(try await Self.scrub(cluster.registry).findings.filter { !$0.isMended } == [])
            #expect(try await Self.scrub(cluster.registry).found == 0)
        }
    }
}
