import Identifiers
import ShardProtocol
import Topology

/// Makes slots on a target equal to those on their source while both are written to.
struct SlotCopier {
    /// What an attempt came to.
    struct Outcome {
        /// Whether the digests of both ends were equal; then they stay equal, since writes go to both.
        var isEqual: Bool
        /// Bytes that were written.
        var bytes = 0
    }

    /// Rows of one page: documents are some kilobytes at most, a page well under a megabyte.
    private static let rowPage = 256
    /// Postings of one page; each may need a feature row beside it.
    private static let postingPage = 1_024

    let fanOut: FanOut
    let commit: Commit
    let source: ShardID
    let target: ShardID
    /// Plants the fault that copies overwrite what was written meanwhile.
    let ignoresWrites: Bool

    /// Compares adjacent slots and, where one differs, copies what is missing, changed or too much.
    func settle(_ numbers: Range<Int>) async throws(ShardError) -> Outcome {
        let watch = await commit.gate.watch(numbers)
        defer { commit.gate.unwatch(watch) }
        let routing = fanOut.routing
        let (from, to) = (SlotReader(try routing.client(source)), SlotReader(try routing.client(target)))
        let wanted = try await from.digests(numbers)
        let found = try await to.digests(numbers)
        var outcome = Outcome(isEqual: true)
        for (index, number) in numbers.enumerated() where wanted[index] != found[index] {
            guard let slot = Slot(number) else { continue }
            outcome.isEqual = ignoresWrites
            let there = found[index] == SlotDigest() ? nil : to
            for table in SlotReader.tables { outcome.bytes += try await rows(of: table, slot, from, there, watch) }
            outcome.bytes += try await postings(of: slot, from, there, watch)
        }
        return outcome
    }

    private func rows(
        of table: StoreTable,
        _ slot: Slot,
        _ from: SlotReader,
        _ to: SlotReader?,
        _ watch: UInt64
    ) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(slot.firstHash)
        while let start = next {
            let page = try await from.rows(table, start, through: slot.lastHash, limit: Self.rowPage)
            next = page.next
            let there = try await to?.rows(table, start, before: page.next, through: slot.lastHash) ?? [:]
            let keys = Set(page.rows.map(\.key))
            let changed = page.rows.filter { there[$0.key] != $0.value }
            let surplus = there.keys.filter { !keys.contains($0) }.sorted()
            guard !changed.isEmpty || !surplus.isEmpty else { continue }
            bytes += try await commit.copy(to: target, watch) { touched in
                var writer = OperationWriter()
                for row in changed where isFree(table, row.key, touched) { writer.put(table, row.key, row.value) }
                for key in surplus where isFree(table, key, touched) { writer.delete(table, key) }
                return writer
            }
        }
        return bytes
    }

    private func isFree(_ table: StoreTable, _ key: StoreKey, _ touched: CopyGate.Touched?) -> Bool {
        ignoresWrites || touched?.rows.contains(ReadRequest.Address(table, key)) == false
    }

    /// Copies postings, each with the feature row of its record in the same message: where one is, so is the other.
    private func postings(
        of slot: Slot,
        _ from: SlotReader,
        _ to: SlotReader?,
        _ watch: UInt64
    ) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(slot.firstHash)
        while let start = next {
            let page = try await from.postings(start, through: slot.lastHash, limit: Self.postingPage)
            next = page.next
            let there = try await to?.postings(start, before: page.next, through: slot.lastHash) ?? [:]
            let places = Set(page.rows.map(\.place))
            let changed = page.rows.filter { there[$0.place] != $0.sketch }
            let surplus = there.keys.filter { !places.contains($0) }.sorted()
            let features = try await from.features(of: changed.map(\.record))
            guard !changed.isEmpty || !surplus.isEmpty else { continue }
            bytes += try await commit.copy(to: target, watch) { touched in
                var writer = OperationWriter()
                for (record, row) in features
                where ignoresWrites || touched?.features.contains(record) == false {
                    writer.put(.feature, StoreKey(record.rawValue), row)
                }
                for posting in changed where isFree(posting, touched) {
                    writer.post(key: posting.key, sketch: posting.sketch, record: posting.record)
                }
                for place in surplus where ignoresWrites || touched?.postings.contains(place) == false {
                    writer.unpost(key: place.hash, record: RecordID(place.sub))
                }
                return writer
            }
        }
        return bytes
    }

    /// A posting whose record was written meanwhile waits for the next attempt: its feature row may be on its way.
    private func isFree(_ posting: PostingsAnswer.Row, _ touched: CopyGate.Touched?) -> Bool {
        guard !ignoresWrites else { return true }
        guard let touched else { return false }
        return !touched.postings.contains(posting.place) && !touched.features.contains(posting.record)
    }
}
