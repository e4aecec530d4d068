internal import LMDB
internal import ShardProtocol

/// Reads one run; belongs to one thread at a time.
final class RunReader {
    let run: Run
    private let reader: PooledReader
    /// The postings of the run, one position of them.
    let postings: PostingStream

    /// Takes a snapshot that is kept as long as the reader: nothing ever changes.
    init(_ run: Run) throws(StoreError) {
        self.run = run
        let reader = try mapped { () throws(LMDBError) in try PooledReader(run.environment) }
        self.reader = reader
        postings = try mapped { () throws(LMDBError) in
            try reader.begin()
            return try PostingStream(reader, run)
        }
    }

    /// The rows of a table from a key on.
    func rows(_ table: StateTable, from key: StoreKey) throws(StoreError) -> RowStream {
        try mapped { () throws(LMDBError) in
            try RowStream(try reader.makeCursor(run.tables[table]), table, sealedUnder: run.key, from: key)
        }
    }
}

/// The rows of one run's table, one after the other.
final class RowStream {
    private let cursor: ReadCursor
    private let table: StateTable
    /// The number of the key under which the run's rows are sealed; `nil` where they are in clear.
    let sealedUnder: UInt32?
    /// The key of the current row, `nil` behind the last.
    private(set) var key: StoreKey?
    /// What the run says of it; valid as long as the run's reader.
    private(set) var row = StoredValue.Row.removed

    init(
        _ cursor: ReadCursor,
        _ table: StateTable,
        sealedUnder: UInt32?,
        from start: StoreKey
    ) throws(LMDBError) {
        self.cursor = cursor
        self.table = table
        self.sealedUnder = sealedUnder
        try take(try KeyBytes(start, in: table).withBytes { bytes throws(LMDBError) in try cursor.seek(bytes) })
    }

    func advance() throws(LMDBError) { try take(try cursor.next()) }

    private func take(_ row: ReadCursor.Row?) throws(LMDBError) {
        guard let row else {
            key = nil
            return
        }
        guard row.key.count == StoredValue.keyLength(table), let said = StoredValue.row(table, row.value) else {
            throw LMDBError(damaged: "table \(table) has a key or a value of a wrong length")
        }
        key = StoreKey(KeyBytes.hash(row.key), sub: KeyBytes.sub(row.key))
        self.row = said
    }
}
