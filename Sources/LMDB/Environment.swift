internal import CLMDB

/// One LMDB file: many snapshots are read while one transaction writes.
///
///     let environment = try Environment(path: "state.mdb")
///     let table = try environment.openTables(["home"])[0]
///     try environment.write { txn throws(LMDBError) in try txn.put(table, key, value) }
///     try environment.read { txn throws(LMDBError) in try txn.get(table, key) }
///
/// Commits are synced: when `write` returns, the change survives a crash of the machine.
public final class Environment: @unchecked Sendable {  // LMDB documents an MDB_env as safe to share between threads
    let handle: OpaquePointer
    /// Bytes of a page; fixed when the file was made.
    let pageSize: UInt

    /// Opens the file, which is made where there is none; a second file `-lock` stands beside it.
    ///
    /// - Throws: `LMDBError`, `.damaged` where the file is not LMDB's.
    public init(path: String, options: EnvironmentOptions = EnvironmentOptions()) throws(LMDBError) {
        var created: OpaquePointer?
        try check(mdb_env_create(&created), "mdb_env_create")
        let environment = try present(created, "mdb_env_create")
        do throws(LMDBError) {
            try check(mdb_env_set_mapsize(environment, options.mapSize), "mdb_env_set_mapsize")
            try check(mdb_env_set_maxdbs(environment, UInt32(options.tableLimit)), "mdb_env_set_maxdbs")
            try check(mdb_env_set_maxreaders(environment, UInt32(options.readerLimit)), "mdb_env_set_maxreaders")
            try check(mdb_env_open(environment, path, Environment.flags(options.use), 0o600), "mdb_env_open")
        } catch {
            mdb_env_close(environment)
            throw error
        }
        var facts = MDB_stat()
        mdb_env_stat(environment, &facts)
        pageSize = UInt(facts.ms_psize)
        handle = environment
        guard options.use == .shared else { return }
        // A process that was killed leaves its reader slots taken, and pages it saw could not be used again.
        var dead: Int32 = 0
        mdb_reader_check(environment, &dead)
    }

    deinit { mdb_env_close(handle) }

    private static func flags(_ use: EnvironmentOptions.Use) -> UInt32 {
        // NOTLS: a reader belongs to its transaction, not to its thread. NORDAHEAD: access is random.
        let common = MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD
        return switch use {
        case .shared: UInt32(common)
        case .building: UInt32(common | MDB_NOLOCK | MDB_NOSYNC)
        case .finished: UInt32(common | MDB_NOLOCK | MDB_RDONLY)
        }
    }

    /// Opens tables of a file that is never changed again.
    ///
    /// - Throws: `LMDBError` where one is missing.
    public func openFinishedTables(_ names: [String]) throws(LMDBError) -> [Table] {
        let txn = try ReadTransaction(self)
        var tables: [Table] = []
        for name in names {
            var table: MDB_dbi = 0
            try check(mdb_dbi_open(txn.handle, name, 0, &table), "mdb_dbi_open")
            tables.append(Table(handle: table))
        }
        // Handles opened in a transaction outlive it only where it is committed.
        try txn.keepTables()
        return tables
    }

    /// Makes everything that was committed durable.
    public func sync() throws(LMDBError) {
        try check(mdb_env_sync(handle, 1), "mdb_env_sync")
    }

    /// Opens tables, which are made where there are none, in one transaction.
    ///
    /// Not while another transaction of this thread writes.
    public func openTables(_ names: [String]) throws(LMDBError) -> [Table] {
        try write { (txn: borrowing WriteTransaction) throws(LMDBError) in
            var tables: [Table] = []
            for name in names {
                var table: MDB_dbi = 0
                try check(mdb_dbi_open(txn.handle, name, UInt32(MDB_CREATE), &table), "mdb_dbi_open")
                tables.append(Table(handle: table))
            }
            return tables
        }
    }

    /// Lends a snapshot to a closure.
    public func read<Result>(
        _ body: (borrowing ReadTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        try body(try ReadTransaction(self))
    }

    /// Lends the one writing transaction to a closure and commits it, synced; an error gives the change up.
    ///
    /// Waits while another thread writes.
    public func write<Result>(
        _ body: (borrowing WriteTransaction) throws(LMDBError) -> Result
    ) throws(LMDBError) -> Result {
        let txn = try WriteTransaction(self)
        let result = try body(txn)
        try txn.commit()
        return result
    }

    /// Begins the one writing transaction; waits while another thread writes.
    public func begin() throws(LMDBError) -> WriteTransaction { try WriteTransaction(self) }

    /// Bytes of the file that are in use or were in use before, as the last snapshot knows them.
    public var fileBytes: UInt64 {
        var info = MDB_envinfo()
        guard mdb_env_info(handle, &info) == 0 else { return 0 }
        return UInt64(info.me_last_pgno + 1) * UInt64(pageSize)
    }
}
