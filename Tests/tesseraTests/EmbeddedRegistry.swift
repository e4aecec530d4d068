import ControlPlane
import Coordinator
import Demographics
import Foundation
import Identifiers
import Identity
import PatientMapping
import RuleSets
import ShardService
import ShardStore
import Testing
import Topology

@testable import tessera

/// A registry in a directory, as `tessera serve` runs it, without its doors.
struct EmbeddedRegistry {
    /// What stays the same however records came in.
    struct Picture: Equatable {
        var links: [RecordKey: GoldenID] = [:]
        var documents: [RecordKey: [UInt8]] = [:]
        var versions: [RecordKey: UInt32] = [:]
        var events: [[IdentityEvent]] = []
        var reviews = 0

        /// Records whose documents are not the same in both.
        func differing(from other: Picture) -> Set<RecordKey> {
            Set(documents.keys).union(other.documents.keys).filter { documents[$0] != other.documents[$0] }
        }

        /// The persons, each as its records.
        var persons: Set<Set<RecordKey>> {
            Set(Dictionary(grouping: links.keys) { links[$0] }.values.map(Set.init))
        }
    }

    let registry: Registry

    /// Runs work with the registry of a directory while it leads.
    static func run<Value: Sendable>(
        in directory: String,
        shards: Int,
        _ work: @escaping @Sendable (EmbeddedRegistry) async throws -> Value
    ) async throws -> Value {
        let control = try FileControlPlane(directory: directory, seed: try ClusterSeed.embedded(shards: shards))
        let map = try await control.clusterMap().map
        let stores = try (1...shards).map { try ShardStore(directory: "\(directory)/shard-\($0)") }
        let registry = Registry(
            slots: SlotMap(map),
            shards: stores.map { InProcessShard($0) },
            rules: try RuleSetFile.standardRules(),
            control: control,
            clock: SystemClock()
        )
        let result = await withTaskGroup(of: Result<Value, any Error>?.self) { group in
            group.addTask {
                await registry.run()
                return nil
            }
            group.addTask {
                while !registry.isLeading { try? await Task.sleep(for: .milliseconds(5)) }
                do {
                    return .success(try await work(EmbeddedRegistry(registry: registry)))
                } catch {
                    return .failure(error)
                }
            }
            var result: Result<Value, any Error>?
            while result == nil, let next = await group.next() { result = next }
            group.cancelAll()
            return result
        }
        await registry.resign()
        for store in stores { await store.close() }
        return try #require(result).get()
    }

    /// Takes records in through the live path, in order.
    func take(_ records: [SourceRecord]) async throws {
        let mapping = PatientMapping()
        var group: [Submission] = []
        for record in records {
            let document = mapping.encoded(record)
            group.append(Submission(record: try mapping.record(decoding: document.span.bytes), document: document))
        }
        for start in stride(from: 0, to: group.count, by: 100) {
            for outcome in await registry.submit(Array(group[start..<min(start + 100, group.count)])) {
                guard case .stored = outcome else {
                    Issue.record("not stored: \(outcome)")
                    return
                }
            }
        }
    }

    /// Everything that can be seen.
    func picture() async throws -> Picture {
        var picture = Picture()
        var after: RecordID?
        repeat {
            let page = try await registry.records(after: after, limit: 500)
            for record in page.records {
                picture.links[record.key] = record.golden
                picture.documents[record.key] = record.document
                picture.versions[record.key] = record.version
            }
            after = page.next
        } while after != nil
        var sequence = Identifiers.Sequence.zero
        while true {
            let page = try await registry.changes(after: sequence, limit: 500)
            picture.events += page.entries.map(\.events)
            sequence = page.next
            if !page.more { break }
        }
        picture.reviews = try await registry.reviews(limit: 10_000).count
        return picture
    }
}
