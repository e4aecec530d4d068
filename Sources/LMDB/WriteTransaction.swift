internal import CLMDB

/// The one transaction that writes; given up when it goes out of scope without `commit`.
public struct WriteTransaction: ~Copyable {
    let handle: OpaquePointer

    init(_ environment: borrowing Environment) throws(LMDBError) {
        var begun: OpaquePointer?
        try check(mdb_txn_begin(environment.handle, nil, 0, &begun), "mdb_txn_begin")
        handle = try present(begun, "mdb_txn_begin")
    }

    deinit { mdb_txn_abort(handle) }

    /// Makes the change durable.
    ///
    /// - Throws: `LMDBError`; nothing changed then.
    public consuming func commit() throws(LMDBError) {
        let ending = handle
        discard self
        try check(mdb_txn_commit(ending), "mdb_txn_commit")
    }

    /// Lends the value of a key, or `nil`; valid until the next change.
    public func get(_ table: Table, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        try lookUp(handle, table, key)
    }

    /// Writes a row, replacing what was there.
    public func put(
        _ table: Table,
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer
    ) throws(LMDBError) {
        var keyValue = key.borrowedByLMDB
        var valueValue = value.borrowedByLMDB
        try check(mdb_put(handle, table.handle, &keyValue, &valueValue, 0), "mdb_put")
    }

    /// Makes room for a value.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - key: the key.
    ///   - count: bytes of the value.
    /// - Returns: the table's own memory, to be filled before anything else is changed.
    /// - Throws: `LMDBError`.
    public func reserve(
        _ table: Table,
        _ key: UnsafeRawBufferPointer,
        count: Int
    ) throws(LMDBError) -> UnsafeMutableRawBufferPointer {
        var keyValue = key.borrowedByLMDB
        var room = MDB_val(mv_size: count, mv_data: nil)
        try check(mdb_put(handle, table.handle, &keyValue, &room, UInt32(MDB_RESERVE)), "mdb_put")
        return UnsafeMutableRawBufferPointer(start: room.mv_data, count: count)
    }

    /// Writes a row behind all others of its table.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - key: greater than every key in the table.
    ///   - count: bytes of the value.
    ///   - fill: writes the value into the table's own memory.
    /// - Throws: `LMDBError` where the key is not greater.
    public func append(
        _ table: Table,
        _ key: UnsafeRawBufferPointer,
        count: Int,
        _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(LMDBError) {
        var keyValue = key.borrowedByLMDB
        var room = MDB_val(mv_size: count, mv_data: nil)
        let flags = UInt32(MDB_APPEND | MDB_RESERVE)
        try check(mdb_put(handle, table.handle, &keyValue, &room, flags), "mdb_put")
        fill(UnsafeMutableRawBufferPointer(start: room.mv_data, count: count))
    }

    /// Removes a row.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    public func delete(_ table: Table, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> Bool {
        var keyValue = key.borrowedByLMDB
        let code = mdb_del(handle, table.handle, &keyValue, nil)
        if code == MDB_NOTFOUND { return false }
        try check(code, "mdb_del")
        return true
    }

    /// Number of keys of a table.
    public func count(_ table: Table) throws(LMDBError) -> Int {
        try entries(handle, table)
    }
}
