import Identifiers
import ShardProtocol

/// Makes a range of slots of a replica that catches up equal to the source's.
extension CatchUp {
    /// What is walked besides the tables of rows.
    private enum Walked: Sendable {
        case rows(StoreTable)
        case postings
    }

    /// A walk over one table, and where it goes on.
    private struct Cursor: Sendable {
        let walked: Walked
        var from: StoreKey
    }

    /// Walks all tables at once, a page of each in a turn: under load turns are what there is least of.
    func copy(
        _ slots: ClosedRange<Slot>,
        _ client: any ShardClient,
        _ work: inout Work
    ) async throws(ShardError) {
        let first = StoreKey(slots.lowerBound.firstHash)
        var cursors = StoreTable.allCases.map { Cursor(walked: .rows($0), from: first) }
        cursors.append(Cursor(walked: .postings, from: first))
        while !cursors.isEmpty {
            let asked = cursors
            let read: () async throws(ShardError) -> [PageDifference] = { () throws(ShardError) in
                let (source, least) = try source()
                return try await differences(asked, through: slots.upperBound.lastHash, source, least, client)
            }
            let early = shard.planted.contains(.compareBesideWrites) ? try await read() : nil
            let pages = try await shard.turn.run { () throws(ShardError) in
                let pages = if let early { early } else { try await read() }
                try await write(pages, to: client)
                return pages
            }
            var left: [Cursor] = []
            for (cursor, page) in zip(asked, pages) {
                work.operations += page.operations.count
                if let next = page.next { left.append(Cursor(walked: cursor.walked, from: next)) }
            }
            cursors = left
        }
    }

    /// Reads a page of each table on both sides.
    private func differences(
        _ cursors: [Cursor],
        through: UInt64,
        _ source: any ShardClient,
        _ least: StorePosition,
        _ client: any ShardClient
    ) async throws(ShardError) -> [PageDifference] {
        let results = await withTaskGroup(of: (Int, Result<PageDifference, ShardError>).self) { tasks in
            for (place, cursor) in cursors.enumerated() {
                tasks.addTask {
                    let result: Result<PageDifference, ShardError>
                    do throws(ShardError) {
                        result = .success(try await difference(cursor, through: through, source, least, client))
                    } catch {
                        result = .failure(error)
                    }
                    return (place, result)
                }
            }
            var results: [(Int, Result<PageDifference, ShardError>)] = []
            for await one in tasks { results.append(one) }
            return results.sorted { $0.0 < $1.0 }
        }
        var pages: [PageDifference] = []
        for (_, result) in results { pages.append(try result.get()) }
        return pages
    }

    private func difference(
        _ cursor: Cursor,
        through: UInt64,
        _ source: any ShardClient,
        _ least: StorePosition,
        _ client: any ShardClient
    ) async throws(ShardError) -> PageDifference {
        let limit = shard.policy.pageRows
        let request: ShardRequest
        switch cursor.walked {
        case .rows(let table):
            request = .scan(ScanRequest(table: table, from: cursor.from, through: through, limit: limit))
        case .postings:
            request = .postings(
                PostingsRequest(
                    from: cursor.from.hash,
                    record: RecordID(cursor.from.sub),
                    through: through,
                    limit: shard.policy.pagePostings
                )
            )
        }
        async let found = answer(client, request)
        async let wanted = answer(source, shard.guarded(request, least))
        let (one, other) = (await wanted, await found)
        switch (cursor.walked, try one.get(), try other.get()) {
        case (.rows(let table), .scan(let source), .scan(let target)):
            return PageDifference(table, source: source, target: target)
        case (.postings, .postings(let source), .postings(let target)):
            return PageDifference(source: source, target: target)
        default: throw .badRequest("the answer does not fit a question for a page")
        }
    }

    /// Writes what differs, in as few messages as may be.
    private func write(_ pages: [PageDifference], to client: any ShardClient) async throws(ShardError) {
        var writer = OperationWriter()
        for page in pages {
            if writer.count > 0, writer.bytes.count + page.operations.bytes.count > shard.policy.messageBytes {
                try await write(writer, to: client)
                writer = OperationWriter()
            }
            writer.append(page.operations)
        }
        if writer.count > 0 { try await write(writer, to: client) }
    }

    private func write(_ writer: OperationWriter, to client: any ShardClient) async throws(ShardError) {
        try await write(writer.bytes, to: client)
        shard.count { counters in
            counters.copied += UInt64(writer.count)
            counters.copiedBytes += UInt64(writer.bytes.count)
        }
    }
}
