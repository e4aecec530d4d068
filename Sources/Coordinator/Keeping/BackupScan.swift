import Identifiers
import Lookup
import Matching
import ShardProtocol

/// Reads the rows of adjacent slots of one owner, in pages that are sure to show what was durable before.
struct BackupScan {
    /// Why a range has to be begun again.
    enum Interruption: Error {
        /// Slots changed hands while they were read.
        case moved
        case shard(ShardError)
        case fault(BackupFault)
    }

    private static let rowPage = 512
    private static let postingPage = 8_192

    let fanOut: FanOut
    let routing: Routing
    let owner: ShardID
    let slots: Range<Int>
    /// Takes a page.
    let take: ([RowWrite]) async throws(BackupFault) -> Void

    /// Reads everything, feature rows beside the records that they belong to.
    func run() async throws(Interruption) {
        guard let first = Slot(slots.lowerBound), let last = Slot(slots.upperBound - 1) else { return }
        let reader: SlotReader
        do throws(ShardError) { reader = SlotReader(try routing.client(owner)) } catch { throw .shard(error) }
        for table in SlotReader.tables {
            var next: StoreKey? = StoreKey(first.firstHash)
            while let start = next {
                let (page, features) = try await asking { () async throws(ShardError) -> (ScanAnswer, [RowWrite]) in
                    let page = try await reader.rows(table, start, through: last.lastHash, limit: Self.rowPage)
                    return (page, table == .home ? try await self.features(of: page.rows) : [])
                }
                let rows = page.rows.map { RowWrite.row(ReadRequest.Address(table, $0.key), $0.value) }
                try await hand(rows + features)
                next = page.next
            }
        }
        var next: StoreKey? = StoreKey(first.firstHash)
        while let start = next {
            let page = try await asking { () async throws(ShardError) -> PostingsAnswer in
                try await reader.postings(start, through: last.lastHash, limit: Self.postingPage)
            }
            try await hand(page.rows.map { .post(key: $0.key, sketch: $0.sketch, record: $0.record) })
            next = page.next
        }
    }

    /// A page counts only if nothing changed hands while it was read: a source that gave slots away and is not written
    /// to any more would show old rows.
    private func asking<Page>(
        _ read: () async throws(ShardError) -> Page
    ) async throws(Interruption) -> Page {
        let page: Page
        do throws(ShardError) { page = try await read() } catch { throw .shard(error) }
        guard fanOut.routing.revision == routing.revision else { throw .moved }
        return page
    }

    private func hand(_ writes: [RowWrite]) async throws(Interruption) {
        guard !writes.isEmpty else { return }
        do throws(BackupFault) { try await take(writes) } catch { throw .fault(error) }
    }

    /// The feature rows of records, each with the keys beside which it lies.
    ///
    /// A record whose row is not there is being written, and comes with that write.
    private func features(of homes: [ScanAnswer.Row]) async throws(ShardError) -> [RowWrite] {
        var wanted: [[(record: RecordID, keys: [UInt64])]] = .init(repeating: [], count: routing.width)
        for row in homes {
            guard let home = try? HomeRow(decoding: row.value) else { continue }
            let keys = home.keys.filter { $0.rule != LookupKey.rule }.map(\.hash)
            guard let key = keys.first else { continue }
            wanted[routing.place(ofHash: key)].append((RecordID(row.key.hash), keys))
        }
        var features: [RowWrite] = []
        for (place, records) in wanted.enumerated() where !records.isEmpty {
            let addresses = records.map { ReadRequest.Address(.feature, StoreKey($0.record.rawValue)) }
            let answer = try await routing.client(place).read(ReadRequest(rows: addresses))
            for (one, value) in zip(records, answer.values) {
                if let value { features.append(.feature(one.record, row: value, keys: one.keys)) }
            }
        }
        return features
    }
}
