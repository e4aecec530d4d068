internal import CLMDB

/// A position in a table, moved on row by row.
///
/// It is valid as long as its reader's snapshot; what it lends is valid as long as that.
public final class ReadCursor {
    /// One row.
    public struct Row {
        /// The key.
        public let key: UnsafeRawBufferPointer
        /// The value.
        public let value: UnsafeRawBufferPointer
    }

    private let reader: PooledReader
    private let handle: OpaquePointer

    init(_ reader: PooledReader, _ transaction: OpaquePointer, _ table: Table) throws(LMDBError) {
        var opened: OpaquePointer?
        try check(mdb_cursor_open(transaction, table.handle, &opened), "mdb_cursor_open")
        handle = try present(opened, "mdb_cursor_open")
        self.reader = reader
    }

    deinit { mdb_cursor_close(handle) }

    /// Goes to the first row whose key is not less than the given one.
    public func seek(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Row? { try move(key, MDB_SET_RANGE) }

    /// Goes to the first row.
    public func first() throws(LMDBError) -> Row? {
        try move(UnsafeRawBufferPointer(start: nil, count: 0), MDB_FIRST)
    }

    /// Goes to the next row.
    public func next() throws(LMDBError) -> Row? {
        try move(UnsafeRawBufferPointer(start: nil, count: 0), MDB_NEXT)
    }

    private func move(_ key: UnsafeRawBufferPointer, _ how: MDB_cursor_op) throws(LMDBError) -> Row? {
        var keyValue = key.borrowedByLMDB
        var value = MDB_val()
        let code = mdb_cursor_get(handle, &keyValue, &value, how)
        if code == MDB_NOTFOUND { return nil }
        try check(code, "mdb_cursor_get")
        return Row(key: UnsafeRawBufferPointer(keyValue), value: UnsafeRawBufferPointer(value))
    }
}
