internal import CLMDB

/// A position in a table.
///
/// Buffers lent by it are LMDB's own memory: valid until the next change, or the end of the transaction.
public struct Cursor: ~Copyable {
    /// One row.
    public struct Row {
        /// The key.
        public let key: UnsafeRawBufferPointer
        /// The value.
        public let value: UnsafeRawBufferPointer
    }

    let handle: OpaquePointer

    init(_ transaction: OpaquePointer, _ table: Table) throws(LMDBError) {
        var opened: OpaquePointer?
        try check(mdb_cursor_open(transaction, table.handle, &opened), "mdb_cursor_open")
        handle = try present(opened, "mdb_cursor_open")
    }

    deinit { mdb_cursor_close(handle) }

    /// Goes to the first row whose key is not less than the given one.
    public func seek(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        try move(key, MDB_SET_RANGE)
    }

    /// Goes to the row of a key.
    public func find(_ key: UnsafeRawBufferPointer) throws(LMDBError) -> Row? {
        try move(key, MDB_SET_KEY)
    }

    /// Goes to the next row.
    public func next() throws(LMDBError) -> Row? {
        try move(UnsafeRawBufferPointer(start: nil, count: 0), MDB_NEXT)
    }

    /// Writes a row, replacing what was there, and goes to it; only in a transaction that writes.
    public func put(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(LMDBError) {
        var keyValue = key.borrowedByLMDB
        var valueValue = value.borrowedByLMDB
        try check(mdb_cursor_put(handle, &keyValue, &valueValue, 0), "mdb_cursor_put")
    }

    /// Removes the row under the cursor; only in a transaction that writes.
    public func deleteCurrent() throws(LMDBError) {
        try check(mdb_cursor_del(handle, 0), "mdb_cursor_del")
    }

    private func move(_ key: UnsafeRawBufferPointer, _ how: MDB_cursor_op) throws(LMDBError) -> Row? {
        try moveCursor(handle, key, how)
    }
}
