internal import CLMDB

/// A snapshot; ends when it goes out of scope.
///
/// Buffers lent by it are LMDB's own memory: they are valid while it lives and must not be kept.
public struct ReadTransaction: ~Copyable {
    let handle: OpaquePointer

    init(_ environment: borrowing Environment) throws(LMDBError) {
        var begun: OpaquePointer?
        try check(mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &begun), "mdb_txn_begin")
        handle = try present(begun, "mdb_txn_begin")
    }

    deinit { mdb_txn_abort(handle) }

    /// Ends the snapshot and keeps the handles of the tables that were opened in it.
    consuming func keepTables() throws(LMDBError) {
        let ending = handle
        discard self
        try check(mdb_txn_commit(ending), "mdb_txn_commit")
    }

    /// Lends the value of a key, or `nil`.
    public func get(_ table: Table, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        try lookUp(handle, table, key)
    }

    /// Number of keys of a table.
    public func count(_ table: Table) throws(LMDBError) -> Int {
        try entries(handle, table)
    }
}

func lookUp(
    _ transaction: OpaquePointer,
    _ table: Table,
    _ key: UnsafeRawBufferPointer
) throws(LMDBError) -> UnsafeRawBufferPointer? {
    var keyValue = key.borrowedByLMDB
    var value = MDB_val()
    let code = mdb_get(transaction, table.handle, &keyValue, &value)
    if code == MDB_NOTFOUND { return nil }
    try check(code, "mdb_get")
    return UnsafeRawBufferPointer(value)
}

func entries(_ transaction: OpaquePointer, _ table: Table) throws(LMDBError) -> Int {
    var stat = MDB_stat()
    try check(mdb_stat(transaction, table.handle, &stat), "mdb_stat")
    return stat.ms_entries
}
