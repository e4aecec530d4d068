import Identifiers
import Identity
import ShardProtocol
import Topology

/// Reads what is laid out in runs: the change feed, the review queue, all links.
struct FeedReader: Sendable {
    let rows: RowReader

    private var fanOut: FanOut { rows.fanOut }

    // MARK: Changes

    /// Reads changes after a position and up to the last durable write.
    func changes(after: Sequence, through: Sequence, limit: Int) async throws(RegistryError) -> ChangesPage {
        var page = ChangesPage(entries: [], next: after, more: false)
        var position = after.next
        while position <= through {
            let block = position.rawValue / ReadRequest.Address.feedBlock
            let wanted = limit - page.entries.count
            if wanted <= 0 {
                page.more = true
                break
            }
            for row in try await changeRows(of: block, from: position, through: through, limit: wanted) {
                let change = try rows.row { () throws(RowError) in try ChangeRow(decoding: row.value) }
                page.entries.append(
                    ChangesPage.Entry(
                        sequence: Sequence(row.key.sub),
                        at: change.at,
                        record: change.record,
                        events: change.events
                    )
                )
            }
            if page.entries.count < limit {
                position = Sequence((block + 1) * ReadRequest.Address.feedBlock)
            } else if let last = page.entries.last {
                position = last.sequence.next
            }
            page.next = min(Sequence(position.rawValue - 1), through)
        }
        return page
    }

    private func changeRows(
        of block: UInt64,
        from: Sequence,
        through: Sequence,
        limit: Int
    ) async throws(RegistryError) -> [ScanAnswer.Row] {
        let hash = ReadRequest.Address.feedHash(block: block)
        var found: [ScanAnswer.Row] = []
        var next: StoreKey? = StoreKey(hash, sub: from.rawValue)
        while let start = next, found.count < limit {
            let answer = try await scan(
                fanOut.routing.owner(ofHash: hash),
                .change,
                from: start,
                through: hash,
                limit: limit - found.count
            )
            found += answer.rows.filter { $0.key.hash == hash && $0.key.sub <= through.rawValue }
            next = answer.next
        }
        return found
    }

    // MARK: Reviews

    /// Most open questions looked at for one answer.
    private static let reviewScan = 50_000

    func reviews(limit: Int) async throws(RegistryError) -> [ReviewItem] {
        var items: [ReviewItem] = []
        let routing = fanOut.routing
        for shard in routing.activeGroups {
            var next: StoreKey? = StoreKey(0)
            while let start = next, items.count < Self.reviewScan {
                let answer = try await scan(shard, .review, from: start, through: .max, limit: 4_096)
                // The other end of a move, and a source that has not dropped its slots, hold rows that are not theirs.
                for row in answer.rows
                where routing.owner(of: row.key.slot) == shard && !HeldRow.isHeld(row.value)
                    && !UnsearchedRow.isUnsearched(row.value)
                {
                    let review = try rows.row { () throws(RowError) in try ReviewRow(decoding: row.value) }
                    items.append(ReviewItem(task: review.task, raised: review.raised))
                }
                next = answer.next
            }
        }
        items.sort { ($0.task.harm, $1.task) > ($1.task.harm, $0.task) }
        return Array(items.prefix(limit))
    }

    /// Updates that are held, the most harmful first, then the oldest.
    func held(limit: Int) async throws(RegistryError) -> [HeldUpdate] {
        var updates: [HeldUpdate] = []
        let routing = fanOut.routing
        for shard in routing.activeGroups {
            var next: StoreKey? = StoreKey(0)
            while let start = next, updates.count < limit {
                let answer = try await scan(shard, .review, from: start, through: .max, limit: 4_096)
                for row in answer.rows
                where routing.owner(of: row.key.slot) == shard && HeldRow.isHeld(row.value) && updates.count < limit {
                    updates.append(try rows.row { () throws(RowError) in try HeldRow(decoding: row.value) }.update)
                }
                next = answer.next
            }
        }
        return updates.sorted { ($1.harm, $0.raised, $0.record) < ($0.harm, $1.raised, $1.record) }
    }

    // MARK: Links

    /// Reads live records in the order of their addresses.
    func links(after: RecordID?, limit: Int) async throws(RegistryError) -> LinksPage {
        var entries: [LinkEntry] = []
        let next = try await homes(after: after, limit: limit) { rows throws(RegistryError) in
            let found = try await self.entries(rows)
            entries += found
            return found.count
        }
        return LinksPage(entries: entries, next: next)
    }

    /// Reads live records with their documents in the order of their addresses.
    func records(after: RecordID?, limit: Int) async throws(RegistryError) -> RecordsPage {
        var records: [StoredRecord] = []
        let next = try await homes(after: after, limit: limit) { homes throws(RegistryError) in
            let found = try await self.records(homes)
            records += found
            return found.count
        }
        return RecordsPage(records: records, next: next)
    }

    private func records(_ homes: [ScanAnswer.Row]) async throws(RegistryError) -> [StoredRecord] {
        let links = try await rows.read(homes.map { .link(RecordID($0.key.hash)) })
        var records: [StoredRecord] = []
        for row in homes {
            let id = RecordID(row.key.hash)
            let home = try rows.row { () throws(RowError) in try HomeRow(decoding: row.value) }
            guard !home.deleted, let bytes = links[.link(id)] ?? nil else { continue }
            let link = try rows.row { () throws(RowError) in try LinkRow(decoding: bytes) }
            guard let golden = link.golden else { continue }
            var record = StoredRecord(home, id: id, golden: golden)
            record.component = link.component
            records.append(record)
        }
        return records
    }

    /// Walks home rows in the order of their addresses until enough were taken; returns where to go on.
    private func homes(
        after: RecordID?,
        limit: Int,
        _ take: ([ScanAnswer.Row]) async throws(RegistryError) -> Int
    ) async throws(RegistryError) -> RecordID? {
        var start = after.map { StoreKey($0.rawValue) } ?? StoreKey(0)
        if let after {
            guard after.rawValue < .max else { return nil }
            start = StoreKey(after.rawValue + 1)
        }
        var taken = 0
        var slot = Int(start.slot.rawValue)
        while slot < Slot.count {
            let owners = fanOut.routing.map.owners
            let owner = owners[slot]
            var end = slot
            while end + 1 < Slot.count, owners[end + 1] == owner { end += 1 }
            guard let last = Slot(end)?.lastHash else { break }
            let answer = try await scan(owner, .home, from: start, through: last, limit: limit)
            taken += try await take(answer.rows)
            if let next = answer.next {
                return answer.rows.last.map { RecordID($0.key.hash) } ?? RecordID(next.hash - 1)
            }
            if taken >= limit, end + 1 < Slot.count { return RecordID(last) }
            slot = end + 1
            start = StoreKey(Slot(slot)?.firstHash ?? .max)
        }
        return nil
    }

    private func entries(_ homes: [ScanAnswer.Row]) async throws(RegistryError) -> [LinkEntry] {
        let links = try await rows.read(homes.map { .link(RecordID($0.key.hash)) })
        var entries: [LinkEntry] = []
        for row in homes {
            let id = RecordID(row.key.hash)
            let home = try rows.row { () throws(RowError) in try HomeRow(decoding: row.value) }
            guard !home.deleted, let bytes = links[.link(id)] ?? nil else { continue }
            let link = try rows.row { () throws(RowError) in try LinkRow(decoding: bytes) }
            if let golden = link.golden { entries.append(LinkEntry(key: home.key, id: id, golden: golden)) }
        }
        return entries
    }

    private func scan(
        _ shard: ShardID,
        _ table: StoreTable,
        from: StoreKey,
        through: UInt64,
        limit: Int
    ) async throws(RegistryError) -> ScanAnswer {
        do throws(ShardError) {
            return try await fanOut.routing.client(shard).scan(
                ScanRequest(table: table, from: from, through: through, limit: min(limit, ScanRequest.rowLimit))
            )
        } catch {
            throw RegistryError(error)
        }
    }
}
