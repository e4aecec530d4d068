import Identifiers
import Identity
import Lookup
import Matching
import RuleSets
import ShardProtocol
import SimulationKit
import Testing
import Topology

@testable import Coordinator

/// A backup of a cluster that goes on taking writes shows one moment, and restores to any number of shards.
struct BackupTests {
    private static func phase(_ registry: Registry) async throws -> BackupView.Phase? {
        try await registry.keep(.report).backups.first?.phase
    }

    /// Backs up while several clients write; writes go on after the cut until the backup is stopped.
    private static func backUp(_ registry: Registry) async throws {
        for turn in 0..<100 { try await Crowd.write(registry, turn) }
        _ = try await registry.keep(.backUp(name: "one", bytesPerSecond: 2_000_000, follows: true))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<4 {
                group.addTask {
                    var turn = 100 + client
                    while try await phase(registry) == .copying {
                        try await Crowd.write(registry, turn)
                        turn += 4
                    }
                    for _ in 0..<20 {
                        turn += 4
                        try await Crowd.write(registry, turn)
                    }
                }
            }
            try await group.waitForAll()
        }
        _ = try await registry.keep(.stop(name: "one"))
        while try await phase(registry) == .following { try await Task.sleep(for: .milliseconds(2)) }
    }

    private static func restore(
        _ kept: MemoryVault.Kept,
        shards count: Int,
        through: Identifiers.Sequence
    ) async throws -> [TwinShard] {
        let shards = (0..<count).map { _ in TwinShard() }
        let groups = (0..<count).map { number in
            ShardGroup(id: ShardID(UInt16(number)), replicas: [Replica(name: "\(number)", address: "\(number)")])
        }
        let start = try #require(kept.cut?.start)
        var restoration = Restoration(map: try ClusterMap(evenly: groups), shards: shards, after: start)
        for frame in kept.frames {
            if frame.kind == .batch, frame.last > through { break }
            try await restoration.take(frame)
        }
        try await restoration.finish()
        #expect(restoration.through == through)
        return shards
    }

    private static func digests(_ shards: [TwinShard]) async throws -> [SlotDigest] {
        let owners = SlotMap(evenly: shards.count)
        var digests: [SlotDigest] = []
        for number in 0..<Slot.count {
            let slot = try #require(Slot(number))
            let shard = shards[Int(owners.owner(of: slot).rawValue)]
            digests += try await shard.digest(DigestRequest(first: slot, count: 1, scope: .moving))
        }
        return digests
    }

    /// The feature rows that each of some shards should have.
    private static func features(of live: [TwinShard], dealtTo count: Int) throws -> [[RecordID: [UInt8]]] {
        let owners = SlotMap(evenly: count)
        var rows: [RecordID: [UInt8]] = [:]
        for shard in live {
            for row in shard.rows(of: .feature) { rows[RecordID(row.key.hash)] = row.value }
        }
        var expected = [[RecordID: [UInt8]]](repeating: [:], count: count)
        for home in live.flatMap({ $0.rows(of: .home) }) {
            for key in try HomeRow(decoding: home.value).keys where key.rule != LookupKey.rule {
                let record = RecordID(home.key.hash)
                expected[Int(owners.owner(ofHash: key.hash).rawValue)][record] = rows[record]
            }
        }
        return expected
    }

    /// Who is in which person, told by the feed alone.
    private static func persons(_ entries: [ChangesPage.Entry]) -> [RecordID: GoldenID] {
        var golden: [RecordID: GoldenID] = [:]
        for event in entries.flatMap(\.events) {
            switch event {
            case .recordLinked(let record, _, let to): golden[record] = to
            case .recordRemoved(let record, _): golden[record] = nil
            default: break
            }
        }
        return golden
    }

    private static func feed(_ registry: Registry) async throws -> [ChangesPage.Entry] {
        try await registry.changes(after: .zero, limit: 100_000).entries
    }

    private static func links(_ registry: Registry) async throws -> [RecordID: GoldenID] {
        let page = try await registry.links(after: nil, limit: 100_000)
        return Dictionary(uniqueKeysWithValues: page.entries.map { ($0.id, $0.golden) })
    }

    @Test(arguments: [1, 2, 5])
    func whatIsRestoredEqualsWhatWas(_ count: Int) async throws {
        let vault = MemoryVault()
        let (live, feed) = try await QuietCluster.run(tools: KeepingTools(vault: vault)) { cluster in
            try await Self.backUp(cluster.registry)
            return (cluster.shards, try await Self.feed(cluster.registry))
        }
        let kept = vault.kept
        let cut = try #require(kept.cut)
        #expect(kept.isClosed)
        #expect(cut.start >= Sequence(50))
        #expect(cut.cut > cut.start, "writes came in while rows were read")
        #expect(kept.through > cut.cut)

        // At the end: equal in every slot, feature rows where they belong.
        let whole = try await Self.restore(kept, shards: count, through: kept.through)
        #expect(try await Self.digests(whole) == Self.digests(live))
        let expected = try Self.features(of: live, dealtTo: count)
        for (shard, features) in zip(whole, expected) {
            let found = shard.rows(of: .feature).map { (RecordID($0.key.hash), $0.value) }
            #expect(Dictionary(uniqueKeysWithValues: found) == features)
        }
        let rules = try await live[0].ruleSets()
        #expect(try await whole[0].ruleSets() == rules)

        // At the cut: the feed up to there and nothing after, and the persons that it tells of.
        let early = try await Self.restore(kept, shards: count, through: cut.cut)
        let before = feed.filter { $0.sequence <= cut.cut }
        try await QuietCluster.whileLeading(early) { registry in
            let entries = try await Self.feed(registry)
            #expect(entries.map { "\($0)" } == before.map { "\($0)" })
            let links = try await Self.links(registry)
            #expect(links == Self.persons(before))
            let outcomes = await registry.submit([
                Submission(record: Crowd.record(999, 0), document: Array("{}".utf8))
            ])
            guard case .stored(let stored)? = outcomes.first else {
                Issue.record("the restored cluster takes no writes: \(outcomes)")
                return
            }
            #expect(stored.golden.birth == cut.cut.next, "numbers go on after the cut")
        }
    }

    @Test func aDiskThatIsFullEndsTheBackupAndNothingElse() async throws {
        let vault = MemoryVault(failsAfter: 3)
        try await QuietCluster.run(tools: KeepingTools(vault: vault)) { cluster in
            for turn in 0..<40 { try await Crowd.write(cluster.registry, turn) }
            _ = try await cluster.registry.keep(.backUp(name: "one", bytesPerSecond: 0, follows: false))
            while try await Self.phase(cluster.registry) == .copying { try await Task.sleep(for: .milliseconds(2)) }
            let view = try #require(try await cluster.registry.keep(.report).backups.first)
            #expect(view.phase == .failed)
            #expect(view.fault == "the disk is full")
            #expect(vault.kept.cut == nil)
            #expect(vault.kept.isClosed)
            try await Crowd.write(cluster.registry, 0)
        }
    }

    @Test func aNameThatIsTakenIsRefusedAndTheBackupStaysInTheList() async throws {
        let vault = MemoryVault(there: [BackupView(name: "one", phase: .complete, began: 5)])
        try await QuietCluster.run(tools: KeepingTools(vault: vault)) { cluster in
            await #expect(throws: RegistryError.invalid("there is a backup called one already")) {
                _ = try await cluster.registry.keep(.backUp(name: "one", bytesPerSecond: 0, follows: false))
            }
            let listed = try await cluster.registry.keep(.report).backups
            #expect(listed.map(\.phase) == [.complete])
        }
    }

    @Test func oneBackupAtATimeAndOnlyWithAPlaceForIt() async throws {
        try await QuietCluster.run(tools: KeepingTools(vault: MemoryVault())) { cluster in
            _ = try await cluster.registry.keep(.backUp(name: "one", bytesPerSecond: 0, follows: true))
            await #expect(throws: RegistryError.invalid("one backup at a time: one is under way")) {
                _ = try await cluster.registry.keep(.backUp(name: "two", bytesPerSecond: 0, follows: false))
            }
            await #expect(throws: RegistryError.self) { _ = try await cluster.registry.keep(.stop(name: "two")) }
            _ = try await cluster.registry.keep(.stop(name: "one"))
            while try await [.copying, .following].contains(Self.phase(cluster.registry)) {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        _ = try await QuietCluster.run { cluster in
            await #expect(throws: RegistryError.self) {
                _ = try await cluster.registry.keep(.backUp(name: "one", bytesPerSecond: 0, follows: false))
            }
        }
    }

    @Test func aMissingBatchIsNoticed() async throws {
        let groups = [ShardGroup(id: ShardID(0), replicas: [Replica(name: "0", address: "0")])]
        var restoration = Restoration(map: try ClusterMap(evenly: groups), shards: [TwinShard()], after: Sequence(4))
        let batch = BackupFrame(.batch, first: Sequence(6), last: Sequence(7), content: RowWriteCoding.encode([]))
        await #expect(throws: BackupFault("write 6 does not follow write 4: something is missing")) {
            try await restoration.take(batch)
        }
    }
}
