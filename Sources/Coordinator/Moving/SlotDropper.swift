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
    /// What removing slots came to.
    struct Outcome {
        /// Bytes of the removals.
        var bytes = 0
        /// Rows and postings that were there.
        var rows: UInt64 = 0
    }

    private static let rowPage = 1_024
    private static let postingPage = 512

    let fanOut: FanOut
    let commit: Commit
    let shard: ShardID
    let pace: MovePace
    /// Records about whose feature rows it was decided already: the answer does not depend on the slot.
    private let decided = DecidedRecords()

    init(fanOut: FanOut, commit: Commit, shard: ShardID, pace: MovePace) {
        self.fanOut = fanOut
        self.commit = commit
        self.shard = shard
        self.pace = pace
    }

    /// Drops adjacent slots, except those for which the shard answers or is written to.
    ///
    /// - Parameters:
    ///   - numbers: the slots.
    ///   - evenIfOwned: plants a fault.
    /// - Returns: what it came to.
    /// - Throws: `ShardError`.
    func drop(_ numbers: Range<Int>, evenIfOwned: Bool = false) async throws(ShardError) -> Outcome {
        do throws(ShardError) {
            return try await dropAll(numbers, evenIfOwned)
        } catch {
            // What was decided may not have been carried out.
            decided.forgetAll()
            throw error
        }
    }

    private func dropAll(_ numbers: Range<Int>, _ evenIfOwned: Bool) async throws(ShardError) -> Outcome {
        let routing = fanOut.routing
        let reader = SlotReader(try routing.client(shard), pace: pace)
        let found = try await reader.digests(numbers)
        guard found.contains(where: { $0 != SlotDigest() }) else { return Outcome() }
        let watch = await commit.gate.watch(numbers)
        defer { commit.gate.unwatch(watch) }
        var bytes = 0
        var changes = SlotChanges()
        let left = numbers.filter { number in
            guard found[number - numbers.lowerBound] != SlotDigest(), let slot = Slot(number) else { return false }
            return evenIfOwned || !routing.writes(slot.firstHash, to: shard)
        }
        for span in SlotSpan.joining(left) {
            bytes += try await postings(of: span, reader, watch, &changes)
            for table in SlotReader.tables { bytes += try await rows(of: table, span, reader, watch, &changes) }
        }
        bytes += try await send(&changes, watch)
        return Outcome(bytes: bytes, rows: found.reduce(0) { $0 + $1.rows + $1.postings })
    }

    private func rows(
        of table: StoreTable,
        _ span: SlotSpan,
        _ reader: SlotReader,
        _ watch: UInt64,
        _ changes: inout SlotChanges
    ) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(span.firstHash)
        while let start = next {
            let page = try await reader.rows(table, start, through: span.lastHash, limit: Self.rowPage)
            next = page.next
            for row in page.rows { changes.add(table, row.key, nil) }
            if changes.isFull { bytes += try await send(&changes, watch) }
        }
        return bytes
    }

    /// Removes postings, and the feature rows of records that no other key keeps there.
    private func postings(
        of span: SlotSpan,
        _ reader: SlotReader,
        _ watch: UInt64,
        _ changes: inout SlotChanges
    ) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(span.firstHash)
        while let start = next {
            let page = try await reader.postings(start, through: span.lastHash, limit: Self.postingPage)
            next = page.next
            for record in try await strangers(decided.fresh(page.rows.map(\.record))) {
                changes.add(feature: record, nil)
            }
            for row in page.rows { changes.add(posting: row.place, nil) }
            if changes.isFull { bytes += try await send(&changes, watch) }
        }
        return bytes
    }

    private func send(_ changes: inout SlotChanges, _ watch: UInt64) async throws(ShardError) -> Int {
        guard !changes.isEmpty else { return 0 }
        let gathered = changes
        changes = SlotChanges()
        var written: [RecordID] = []
        let bytes = try await pace.work { () throws(ShardError) in
            try await commit.copy(to: shard, watch) { touched in
                // Rows and postings of these slots are nobody's to write here; feature rows may belong to other slots.
                gathered.operations { _, _ in
                    true
                } isFreeFeature: { record in
                    guard touched?.features.contains(record) != false else { return true }
                    written.append(record)
                    return false
                } isFreePosting: { _, _ in
                    true
                }
            }
        }
        decided.forget(written)
        return bytes
    }

    /// The records that are not written to the shard under any blocking key.
    private func strangers(_ records: [RecordID]) async throws(ShardError) -> [RecordID] {
        guard !records.isEmpty else { return [] }
        let rows = try await pace.work { () throws(ShardError) in try await fanOut.read(records.map { .home($0) }) }
        let routing = fanOut.routing
        return records.filter { record in
            // A record whose home row cannot be read keeps its feature row: too much is better than too little.
            guard let bytes = rows[.home(record)] ?? nil else { return true }
            guard let home = try? HomeRow(decoding: bytes) else { return false }
            return !home.keys.contains { $0.rule != LookupKey.rule && routing.writes($0.hash, to: shard) }
        }
    }
}
