internal import Glibc
internal import LMDB
internal import ShardProtocol

/// Goes through a run's file once it is written, and notes where everything stands.
struct RunIndexer {
    private let reader: PooledReader
    private let tables: RunTables
    private let file: MappedFile
    private var index: RunIndex

    /// Writes the index of a file.
    ///
    /// - Parameters:
    ///   - environment: the file, its rows committed.
    ///   - tables: its tables.
    ///   - summary: what is in it.
    ///   - path: its name.
    ///   - txn: takes the index.
    /// - Throws: `StoreError`.
    static func write(
        _ environment: Environment,
        _ tables: RunTables,
        _ summary: RunSummary,
        path: String,
        _ txn: borrowing WriteTransaction
    ) throws(StoreError) {
        var memory: UnsafeMutableRawBufferPointer?
        do throws(LMDBError) {
            try RunTables.indexKey.withBytes { key throws(LMDBError) in
                memory = try txn.reserve(tables.store, key, count: RunIndex.bytes(limit: Int(summary.keys)))
            }
        } catch {
            throw StoreError(error)
        }
        guard let memory else { return }
        let reader = try mapped { () throws(LMDBError) in try PooledReader(environment) }
        try mapped { () throws(LMDBError) in try reader.begin() }
        defer { reader.end() }
        var indexer = RunIndexer(
            reader: reader,
            tables: tables,
            file: try MappedFile(path),
            index: RunIndex(in: memory)
        )
        for table in StateTable.allCases where summary.rows[Int(table.rawValue)] > 0 { try indexer.add(table) }
        if summary.blocks > 0 { try indexer.addBlocks() }
        indexer.index.finish()
    }

    private mutating func add(_ table: StateTable) throws(StoreError) {
        do throws(LMDBError) {
            let cursor = try reader.makeCursor(tables[table])
            var next = try cursor.first()
            while let row = next {
                let key = StoreKey(KeyBytes.hash(row.key), sub: KeyBytes.sub(row.key))
                index.insert(
                    RunIndex.hash(table, key),
                    RunIndex.Place(offset: try offset(of: row, head: row.key), isSpread: false)
                )
                next = try cursor.next()
            }
        } catch {
            throw StoreError(error)
        }
    }

    private mutating func addBlocks() throws(StoreError) {
        do throws(LMDBError) {
            let postings = try reader.makeCursor(tables.posting)
            let removals = try reader.makeCursor(tables.removal)
            var chunk = try postings.first()
            var removal = try removals.first()
            while chunk != nil || removal != nil {
                let key = min(
                    chunk.map { KeyBytes.hash($0.key) } ?? UInt64.max,
                    removal.map { KeyBytes.hash($0.key) } ?? UInt64.max
                )
                var place = RunIndex.Place(offset: 0, isSpread: false)
                if let first = chunk, KeyBytes.hash(first.key) == key {
                    let head = UnsafeRawBufferPointer(rebasing: first.key[..<8])
                    place.offset = try offset(of: first, head: head)
                    chunk = try postings.next()
                    while let further = chunk, KeyBytes.hash(further.key) == key {
                        place.isSpread = true
                        chunk = try postings.next()
                    }
                }
                if let removed = removal, KeyBytes.hash(removed.key) == key {
                    place.isSpread = true
                    removal = try removals.next()
                }
                index.insert(RunIndex.hash(posting: key), place)
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Where a row's value stands, checked against the file itself.
    private func offset(of row: ReadCursor.Row, head: UnsafeRawBufferPointer) throws(LMDBError) -> Int {
        let offset = try reader.fileOffset(of: row.value)
        guard offset >= 0, offset <= file.bytes.count - head.count,
            let found = file.bytes.baseAddress, let wanted = head.baseAddress,
            memcmp(found + offset, wanted, head.count) == 0
        else { throw LMDBError(damaged: "a value is not where its page says") }
        return offset
    }
}
