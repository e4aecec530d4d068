import LMDB

/// The state in an LMDB file; every batch is one synced transaction.
public final class LMDBState: StateStore {
    private let environment: Environment
    private let tables: LMDBTables

    /// Opens the file, which is made where there is none.
    ///
    /// - Throws: `StoreError.unknownFormat`, `.state`, `.diskFull`.
    public init(path: String) throws(StoreError) {
        let environment = try mapped { () throws(LMDBError) in try Environment(path: path) }
        self.environment = environment
        tables = try LMDBTables(environment, file: path)
    }

    /// Makes a reader.
    public func makeReader() throws(StoreError) -> any StateReader {
        let reader = try mapped { () throws(LMDBError) in try PooledReader(environment) }
        return LMDBStateReader(reader, tables)
    }

    /// Bytes of the file.
    public var fileBytes: UInt64 { environment.fileBytes }

    /// Applies a batch in one synced transaction.
    public func apply(_ batch: StateBatch) throws(StoreError) {
        try mapped { () throws(LMDBError) in
            try environment.write { (txn: borrowing WriteTransaction) throws(LMDBError) in
                try applyRows(batch.rows, txn)
                let summary = try tables.summary(txn)
                var postings = Int(summary.postings)
                if !batch.postings.isEmpty {
                    postings += try txn.withCursor(tables.posting) { cursor throws(LMDBError) in
                        var writer = PostingWriter()
                        return try writer.apply(batch.postings, cursor)
                    }
                }
                try tables.write(batch.mark ?? summary.mark, postings: UInt64(max(0, postings)), txn)
            }
        }
    }

    private func applyRows(_ rows: [RowChange], _ txn: borrowing WriteTransaction) throws(LMDBError) {
        var start = 0
        while start < rows.count {
            let table = rows[start].table
            var end = start + 1
            while end < rows.count, rows[end].table == table { end += 1 }
            try txn.withCursor(tables[table]) { cursor throws(LMDBError) in
                for row in rows[start..<end] { try LMDBState.apply(row, cursor) }
            }
            start = end
        }
    }

    private static func apply(_ row: RowChange, _ cursor: borrowing Cursor) throws(LMDBError) {
        let key = KeyBytes(row.key, in: row.table)
        // A closure may not capture a borrowed cursor, so the bytes of the key are copied to where they can be lent.
        try key.withBytes { bytes throws(LMDBError) in
            if let value = row.value {
                try cursor.put(bytes, value)
            } else if try cursor.find(bytes) != nil {
                try cursor.deleteCurrent()
            }
        }
    }
}
