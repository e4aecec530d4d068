import Identifiers
import ShardProtocol

/// Reads what moves with a slot from one shard.
struct SlotReader {
    /// The tables whose rows belong to a slot by their keys.
    ///
    /// Intents lie where they were put, whoever owns the slot; feature rows lie beside postings.
    static let tables: [StoreTable] = [
        .home, .history, .link, .component, .golden, .change, .review, .meta,
    ]
    private static let page = 1_024

    private let client: any ShardClient
    private let pace: MovePace?

    /// Reads from a shard, at the pace of a move where there is one.
    init(_ client: any ShardClient, pace: MovePace? = nil) {
        self.client = client
        self.pace = pace
    }

    /// Asks the shard, at the pace of a move.
    private func asking<Answer>(
        _ body: () async throws(ShardError) -> Answer
    ) async throws(ShardError) -> Answer {
        guard let pace else { return try await body() }
        return try await pace.work(body)
    }

    /// What is in each of some adjacent slots, without intents and feature rows.
    func digests(_ slots: Range<Int>) async throws(ShardError) -> [SlotDigest] {
        guard let first = Slot(slots.lowerBound) else { return [] }
        let request = DigestRequest(first: first, count: slots.count, scope: .moving)
        let answer = try await asking { () throws(ShardError) in try await client.digest(request) }
        guard answer.count == slots.count else {
            throw .badRequest("\(answer.count) digests were given for \(slots.count) slots")
        }
        return answer
    }

    /// A page of rows.
    func rows(
        _ table: StoreTable,
        _ from: StoreKey,
        through: UInt64,
        limit: Int
    ) async throws(ShardError) -> ScanAnswer {
        let request = ScanRequest(table: table, from: from, through: through, limit: limit)
        return try await asking { () throws(ShardError) in try await client.scan(request) }
    }

    /// All rows from a key on and before another one.
    func rows(
        _ table: StoreTable,
        _ from: StoreKey,
        before end: StoreKey?,
        through: UInt64
    ) async throws(ShardError) -> [StoreKey: [UInt8]] {
        var found: [StoreKey: [UInt8]] = [:]
        var next: StoreKey? = from
        while let start = next {
            let page = try await rows(table, start, through: through, limit: Self.page)
            for row in page.rows {
                if let end, row.key >= end { return found }
                found[row.key] = row.value
            }
            next = page.next
        }
        return found
    }

    /// A page of postings.
    func postings(_ from: StoreKey, through: UInt64, limit: Int) async throws(ShardError) -> PostingsAnswer {
        let request = PostingsRequest(from: from.hash, record: RecordID(from.sub), through: through, limit: limit)
        return try await asking { () throws(ShardError) in try await client.postings(request) }
    }

    /// The sketches of all postings from a place on and before another one.
    func postings(
        _ from: StoreKey,
        before end: StoreKey?,
        through: UInt64
    ) async throws(ShardError) -> [StoreKey: SketchBits] {
        var found: [StoreKey: SketchBits] = [:]
        var next: StoreKey? = from
        while let start = next {
            let page = try await postings(start, through: through, limit: Self.page)
            for row in page.rows {
                if let end, row.place >= end { return found }
                found[row.place] = row.sketch
            }
            next = page.next
        }
        return found
    }

    /// The feature rows of records, of each that has one there, in the order of records.
    func features(of records: [RecordID]) async throws(ShardError) -> [(record: RecordID, row: [UInt8])] {
        let wanted = Set(records).sorted()
        guard !wanted.isEmpty else { return [] }
        let addresses = wanted.map { ReadRequest.Address(.feature, StoreKey($0.rawValue)) }
        let request = ReadRequest(rows: addresses)
        let answer = try await asking { () throws(ShardError) in try await client.read(request) }
        return zip(wanted, answer.values).compactMap { record, row in row.map { (record, $0) } }
    }
}
