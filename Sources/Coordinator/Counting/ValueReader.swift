import Identifiers
import Lookup
import Matching
import ShardProtocol
import Topology

/// Reads from the shards what counts are made of, a page at a time.
struct ValueReader: Sendable {
    /// Records, or changes, of a page.
    private static let page = 256
    /// Postings of a page.
    private static let postingPage = 8_192

    let rows: RowReader
    let reading: KeepingTools.Reading

    private var fanOut: FanOut { rows.fanOut }

    // MARK: All records

    /// What the next records had after a write, and where to go on; `nil` at the end.
    func records(
        from start: StoreKey,
        asOf moment: Sequence,
        _ rules: CountingRules
    ) async throws(RegistryError) -> (values: [RecordValues], next: StoreKey?) {
        let page = try await walk(from: start) { client, end async throws(ShardError) in
            let request = ScanRequest(table: .home, from: start, through: end, limit: Self.page)
            let answer = try await client.scan(request)
            return (answer.rows, answer.next)
        }
        var found: [RecordValues] = []
        for row in page.rows {
            let home = try rows.row { () throws(RowError) in try HomeRow(decoding: row.value) }
            let then = try await version(of: RecordID(row.key.hash), asOf: moment, from: home)
            if let values = then.flatMap({ values($0, rules) }) { found.append(values) }
        }
        return (found, page.next)
    }

    /// The version of a record that held after a write: the one that is there, or one before it.
    private func version(
        of id: RecordID,
        asOf moment: Sequence,
        from newest: HomeRow
    ) async throws(RegistryError) -> HomeRow? {
        guard newest.sequence > moment else { return newest }
        return try await StoodAtPlace.version(at: moment, before: newest.version, sequence: \.sequence) {
            (version) async throws(RegistryError) in
            let address = ReadRequest.Address(.history, StoreKey(id.rawValue, sub: UInt64(version)))
            guard let bytes = try await rows.read([address])[address] ?? nil else {
                throw .corrupt("an earlier version of a record is missing")
            }
            return try rows.row { () throws(RowError) in try HomeRow(decoding: bytes) }
        }
    }

    /// `nil` where the record was removed, or nobody can read it.
    private func values(_ home: HomeRow, _ rules: CountingRules) -> RecordValues? {
        guard !home.deleted, let record = reading(home.key, home.document) else { return nil }
        return RecordValues(record, rules)
    }

    // MARK: What changed

    /// What a page of changes did to records.
    struct Changes {
        /// What each record had before the page and has after it; `nil` where it was not there.
        var values: [(before: RecordValues?, now: RecordValues?)] = []
        /// The last write of the page.
        var through: Sequence
    }

    /// Reads a page of changes, up to a write that is durable with all before it.
    ///
    /// The feed tells the versions: what held before the page is the version before the first that it names.
    func changes(
        after last: Sequence,
        through durable: Sequence,
        _ rules: CountingRules
    ) async throws(RegistryError) -> Changes {
        let page = try await FeedReader(rows: rows).changes(after: last, through: durable, limit: Self.page)
        var versions: [RecordID: (first: UInt32, last: UInt32)] = [:]
        var order: [RecordID] = []
        for changed in page.entries.compactMap(\.record) {
            if let known = versions[changed.record] {
                versions[changed.record] = (known.first, changed.version)
            } else {
                versions[changed.record] = (changed.version, changed.version)
                order.append(changed.record)
            }
        }
        let wanted = order.flatMap { id in versions[id].map { [(id, $0.first - 1), (id, $0.last)] } ?? [] }
        let found = try await homes(wanted)
        var changes = Changes(through: page.next)
        for place in stride(from: 0, to: found.count, by: 2) {
            let (before, now) = (found[place], found[place + 1])
            changes.values.append((before.flatMap { values($0, rules) }, now.flatMap { values($0, rules) }))
        }
        return changes
    }

    /// Versions of records, `nil` for version 0; those that are not the newest stand in the history.
    private func homes(_ wanted: [(id: RecordID, version: UInt32)]) async throws(RegistryError) -> [HomeRow?] {
        let newest = try await read(wanted.map { .home($0.id) })
        // The newest was read before: what it replaced is in the history.
        let older = try await read(
            zip(wanted, newest).map { wanted, newest in
                guard wanted.version > 0, newest?.version != wanted.version else { return nil }
                return ReadRequest.Address(.history, StoreKey(wanted.id.rawValue, sub: UInt64(wanted.version)))
            }
        )
        var homes: [HomeRow?] = []
        for (index, one) in wanted.enumerated() {
            let home = newest[index]?.version == one.version ? newest[index] : older[index]
            guard home != nil || one.version == 0 else { throw .corrupt("a version of a record is missing") }
            homes.append(home)
        }
        return homes
    }

    private func read(_ addresses: [ReadRequest.Address?]) async throws(RegistryError) -> [HomeRow?] {
        let wanted = addresses.compactMap { $0 }
        while true {
            let revision = fanOut.routing.revision
            let found = try await rows.read(wanted)
            // A source that gave slots away and is not written to any more would show old rows.
            guard fanOut.routing.revision == revision else { continue }
            var homes: [HomeRow?] = []
            for address in addresses {
                guard let address, let bytes = found[address] ?? nil else {
                    homes.append(nil)
                    continue
                }
                homes.append(try rows.row { () throws(RowError) in try HomeRow(decoding: bytes) })
            }
            return homes
        }
    }

    // MARK: Blocks

    /// Counts postings in their order.
    struct Blocks {
        private var key: UInt64 = 0
        private var count = 0
        /// Keys of blocks that are too long, each with a record that is in it.
        private(set) var long: [(key: UInt64, record: RecordID)] = []

        mutating func add(_ row: PostingsAnswer.Row, limit: Int) {
            count = row.key == key ? count + 1 : 1
            key = row.key
            if count == limit + 1 { long.append((key, row.record)) }
        }
    }

    /// A page of postings, and where to go on; `nil` at the end.
    func postings(
        from start: StoreKey
    ) async throws(RegistryError) -> (rows: [PostingsAnswer.Row], next: StoreKey?) {
        try await walk(from: start) { client, end async throws(ShardError) in
            let request = PostingsRequest(
                from: start.hash,
                record: RecordID(start.sub),
                through: end,
                limit: Self.postingPage
            )
            let answer = try await client.postings(request)
            return (answer.rows, answer.next)
        }
    }

    /// Those of long blocks that rules made, in order; the others are for looking records up.
    func made(_ blocks: Blocks) async throws(RegistryError) -> [UInt64] {
        let homes = try await read(blocks.long.map { .home($0.record) })
        return zip(blocks.long, homes).compactMap { block, home in
            home?.decidingKeys.contains { $0.hash == block.key } == true ? block.key : nil
        }
    }

    // MARK: Walking

    /// Asks the owner of a key for what follows it, as far as its slots go on, under one map.
    private func walk<Row: Sendable>(
        from start: StoreKey,
        _ ask: (any ShardClient, _ end: UInt64) async throws(ShardError) -> (rows: [Row], next: StoreKey?)
    ) async throws(RegistryError) -> (rows: [Row], next: StoreKey?) {
        while true {
            let routing = fanOut.routing
            let owners = routing.map.owners
            var slot = Int(start.slot.rawValue)
            let owner = owners[slot]
            while slot + 1 < Slot.count, owners[slot + 1] == owner { slot += 1 }
            let page: (rows: [Row], next: StoreKey?)
            do throws(ShardError) {
                page = try await ask(routing.client(owner), Slot(slot)?.lastHash ?? .max)
            } catch {
                throw RegistryError(error)
            }
            guard fanOut.routing.revision == routing.revision else { continue }
            return (page.rows, page.next ?? Slot(slot + 1).map { StoreKey($0.firstHash) })
        }
    }
}
