import Identifiers
import Lookup
import Matching
import ShardProtocol
import Topology

/// Removes a slot from a shard that has lost it, row by row, like any other write.
///
/// Tombstones cost a merge later; in exchange the log, its replay, replicas that follow and a crash in the middle need
/// nothing of their own.
struct SlotDropper {
    private static let rowPage = 1_024
    private static let postingPage = 512

    let fanOut: FanOut
    let commit: Commit
    let shard: ShardID

    /// Drops adjacent slots, except those for which the shard answers or is written to.
    ///
    /// - Parameters:
    ///   - numbers: the slots.
    ///   - evenIfOwned: plants a fault.
    /// - Returns: bytes of the removals.
    /// - Throws: `ShardError`.
    func drop(_ numbers: Range<Int>, evenIfOwned: Bool = false) async throws(ShardError) -> Int {
        let routing = fanOut.routing
        let reader = SlotReader(try routing.client(shard))
        let found = try await reader.digests(numbers)
        var bytes = 0
        for (digest, number) in zip(found, numbers) where digest != SlotDigest() {
            guard let slot = Slot(number), evenIfOwned || !routing.writes(slot.firstHash, to: shard) else { continue }
            let watch = await commit.gate.watch(number..<(number + 1))
            defer { commit.gate.unwatch(watch) }
            bytes += try await postings(of: slot, reader, watch)
            for table in SlotReader.tables { bytes += try await rows(of: table, slot, reader, watch) }
        }
        return bytes
    }

    private func rows(
        of table: StoreTable,
        _ slot: Slot,
        _ reader: SlotReader,
        _ watch: UInt64
    ) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(slot.firstHash)
        while let start = next {
            let page = try await reader.rows(table, start, through: slot.lastHash, limit: Self.rowPage)
            next = page.next
            guard !page.rows.isEmpty else { continue }
            bytes += try await commit.copy(to: shard, watch) { _ in
                var writer = OperationWriter()
                for row in page.rows { writer.delete(table, row.key) }
                return writer
            }
        }
        return bytes
    }

    /// Removes postings, and the feature rows of records that no other key keeps there.
    private func postings(of slot: Slot, _ reader: SlotReader, _ watch: UInt64) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(slot.firstHash)
        while let start = next {
            let page = try await reader.postings(start, through: slot.lastHash, limit: Self.postingPage)
            next = page.next
            guard !page.rows.isEmpty else { continue }
            let strangers = try await strangers(Set(page.rows.map(\.record)).sorted())
            bytes += try await commit.copy(to: shard, watch) { touched in
                var writer = OperationWriter()
                for row in page.rows { writer.unpost(key: row.key, record: row.record) }
                for record in strangers where touched?.features.contains(record) == false {
                    writer.delete(.feature, StoreKey(record.rawValue))
                }
                return writer
            }
        }
        return bytes
    }

    /// The records that are not written to the shard under any blocking key.
    private func strangers(_ records: [RecordID]) async throws(ShardError) -> [RecordID] {
        let rows = try await fanOut.read(records.map { .home($0) })
        let routing = fanOut.routing
        return records.filter { record in
            // A record whose home row cannot be read keeps its feature row: too much is better than too little.
            guard let bytes = rows[.home(record)] ?? nil else { return true }
            guard let home = try? HomeRow(decoding: bytes) else { return false }
            return !home.keys.contains { $0.rule != LookupKey.rule && routing.writes($0.hash, to: shard) }
        }
    }
}
