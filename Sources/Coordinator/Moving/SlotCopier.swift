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
        /// Rows and postings of the source.
        var rows: UInt64 = 0
    }

    /// Rows of one page: documents are some kilobytes at most, a page well under a megabyte.
    private static let rowPage = 256
    /// Postings of one page; each may need a feature row beside it.
    private static let postingPage = 1_024

    let fanOut: FanOut
    let commit: Commit
    let source: ShardID
    let target: ShardID
    let pace: MovePace
    /// Plants the fault that copies overwrite what was written meanwhile.
    let ignoresWrites: Bool

    /// Compares adjacent slots and, where one differs, copies what is missing, changed or too much.
    func settle(_ numbers: Range<Int>) async throws(ShardError) -> Outcome {
        let watch = await commit.gate.watch(numbers)
        defer { commit.gate.unwatch(watch) }
        let routing = fanOut.routing
        let from = SlotReader(try routing.client(source), pace: pace)
        let to = SlotReader(try routing.client(target), pace: pace)
        let wanted = try await from.digests(numbers)
        let found = try await to.digests(numbers)
        var outcome = Outcome(isEqual: true, rows: wanted.reduce(0) { $0 + $1.rows + $1.postings })
        var changes = SlotChanges()
        let differing = numbers.filter { wanted[$0 - numbers.lowerBound] != found[$0 - numbers.lowerBound] }
        for span in SlotSpan.joining(differing) {
            outcome.isEqual = ignoresWrites
            let isEmpty = span.numbers.allSatisfy { found[$0 - numbers.lowerBound] == SlotDigest() }
            let there = isEmpty ? nil : to
            for table in SlotReader.tables {
                outcome.bytes += try await rows(of: table, span, from, there, watch, &changes)
            }
            outcome.bytes += try await postings(of: span, from, there, watch, &changes)
        }
        outcome.bytes += try await send(&changes, watch)
        return outcome
    }

    private func rows(
        of table: StoreTable,
        _ span: SlotSpan,
        _ from: SlotReader,
        _ to: SlotReader?,
        _ watch: UInt64,
        _ changes: inout SlotChanges
    ) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(span.firstHash)
        while let start = next {
            let page = try await from.rows(table, start, through: span.lastHash, limit: Self.rowPage)
            next = page.next
            let there = try await to?.rows(table, start, before: page.next, through: span.lastHash) ?? [:]
            let keys = Set(page.rows.map(\.key))
            for row in page.rows where there[row.key] != row.value { changes.add(table, row.key, row.value) }
            for key in there.keys.filter({ !keys.contains($0) }).sorted() { changes.add(table, key, nil) }
            if changes.isFull { bytes += try await send(&changes, watch) }
        }
        return bytes
    }

    /// Copies postings, each with the feature row of its record in the same message: where one is, so is the other.
    private func postings(
        of span: SlotSpan,
        _ from: SlotReader,
        _ to: SlotReader?,
        _ watch: UInt64,
        _ changes: inout SlotChanges
    ) async throws(ShardError) -> Int {
        var bytes = 0
        var next: StoreKey? = StoreKey(span.firstHash)
        while let start = next {
            let page = try await from.postings(start, through: span.lastHash, limit: Self.postingPage)
            next = page.next
            let there = try await to?.postings(start, before: page.next, through: span.lastHash) ?? [:]
            let places = Set(page.rows.map(\.place))
            let changed = page.rows.filter { there[$0.place] != $0.sketch }
            for (record, row) in try await from.features(of: changed.map(\.record)) {
                changes.add(feature: record, row)
            }
            for posting in changed { changes.add(posting: posting.place, posting.sketch) }
            for place in there.keys.filter({ !places.contains($0) }).sorted() { changes.add(posting: place, nil) }
            if changes.isFull { bytes += try await send(&changes, watch) }
        }
        return bytes
    }

    /// Writes what was gathered, without what was written by others meanwhile.
    ///
    /// A posting whose record was written meanwhile waits for the next attempt: its feature row may be on its way.
    private func send(_ changes: inout SlotChanges, _ watch: UInt64) async throws(ShardError) -> Int {
        guard !changes.isEmpty else { return 0 }
        let gathered = changes
        changes = SlotChanges()
        return try await pace.work { () throws(ShardError) in
            try await commit.copy(to: target, watch) { touched in operations(gathered, touched) }
        }
    }

    private func operations(_ gathered: SlotChanges, _ touched: CopyGate.Touched?) -> OperationWriter {
        gathered.operations { table, key in
            ignoresWrites || touched?.rows.contains(ReadRequest.Address(table, key)) == false
        } isFreeFeature: { record in
            ignoresWrites || touched?.features.contains(record) == false
        } isFreePosting: { place, isRemoval in
            guard !ignoresWrites else { return true }
            guard let touched, !touched.postings.contains(place) else { return false }
            return isRemoval || !touched.features.contains(RecordID(place.sub))
        }
    }
}
