internal import Bytes
internal import Glibc
internal import LMDB
internal import ShardProtocol

/// Writes changes into the file of a new run: every row once, in order, behind the one before.
struct RunWriter {
    /// Bytes that LMDB holds in memory before they are written.
    private static let transactionBytes = 16 << 20

    private let environment: Environment
    private let tables: RunTables
    private let path: String
    private let sealer: Sealer?
    private var summary = RunSummary()
    private var block: [Posting] = []
    private var removed: [UInt64] = []
    private var nextRow: RowChange?
    private var nextPosting: PostingChange?
    private var room = 0

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - changes: what goes into it.
    ///   - path: the file; one that is there already is written anew.
    ///   - sealer: seals the rows' values; `nil` where they are written in clear.
    ///   - isCancelled: asked before every transaction.
    /// - Returns: false where there was nothing to write, or where it was cancelled; then there is no file.
    /// - Throws: `StoreError`; then there is no file.
    static func write(
        _ changes: some ChangeSource,
        to path: String,
        sealer: Sealer? = nil,
        _ isCancelled: () -> Bool
    ) throws(StoreError) -> Bool {
        unlink(path)
        var isWritten = false
        defer { if !isWritten { unlink(path) } }
        var writer = try RunWriter(path, sealer)
        isWritten = try writer.write(changes, isCancelled)
        return isWritten
    }

    private init(_ path: String, _ sealer: Sealer?) throws(StoreError) {
        var options = EnvironmentOptions()
        options.use = .building
        let environment = try mapped { () throws(LMDBError) in try Environment(path: path, options: options) }
        self.environment = environment
        tables = RunTables(
            try mapped { () throws(LMDBError) in try environment.openTables(RunTables.names) }
        )
        self.path = path
        self.sealer = sealer
    }

    private mutating func write(
        _ changes: some ChangeSource,
        _ isCancelled: () -> Bool
    ) throws(StoreError) -> Bool {
        var changes = changes
        nextRow = try changes.nextRow()
        if nextRow == nil { nextPosting = try changes.nextPosting() }
        while nextRow != nil || nextPosting != nil {
            if isCancelled() { return false }
            room = RunWriter.transactionBytes
            let txn = try begin()
            try addRows(&changes, txn)
            try addPostings(&changes, txn)
            do throws(LMDBError) {
                try txn.commit()
                // A little at a time: the log's syncs would wait behind hundreds of megabytes.
                try environment.sync()
            } catch {
                throw StoreError(error)
            }
        }
        guard summary.keys > 0 else { return false }
        try finish()
        return true
    }

    private func begin() throws(StoreError) -> WriteTransaction {
        do throws(LMDBError) { return try environment.begin() } catch { throw StoreError(error) }
    }

    private mutating func addRows(
        _ changes: inout some ChangeSource,
        _ txn: borrowing WriteTransaction
    ) throws(StoreError) {
        while room > 0, let row = nextRow {
            let key = KeyBytes(row.key, in: row.table)
            do throws(LMDBError) {
                try key.withBytes { bytes throws(LMDBError) in
                    let count = StoredValue.rowBytes(row.table, row.value)
                    if let sealer, let value = row.value, row.sealedUnder == nil {
                        let sealed = count + SealedBytes.overhead
                        try txn.append(tables[row.table], bytes, count: sealed) { place in
                            StoredValue.writeRow(row.table, bytes, sealing: value, sealer, to: place)
                        }
                        return
                    }
                    try txn.append(tables[row.table], bytes, count: count) { place in
                        StoredValue.writeRow(bytes, row.value, to: place)
                    }
                }
            } catch {
                throw StoreError(error)
            }
            summary.rows[Int(row.table.rawValue)] += 1
            room -= (row.value?.count ?? 0) + 32
            nextRow = try changes.nextRow()
            if nextRow == nil { nextPosting = try changes.nextPosting() }
        }
    }

    private mutating func addPostings(
        _ changes: inout some ChangeSource,
        _ txn: borrowing WriteTransaction
    ) throws(StoreError) {
        guard nextRow == nil else { return }
        while room > 0, let first = nextPosting {
            block.removeAll(keepingCapacity: true)
            removed.removeAll(keepingCapacity: true)
            while let change = nextPosting, change.key == first.key {
                if change.isRemoved {
                    removed.append(change.record)
                } else {
                    block.append(Posting(record: change.record, sketch: change.sketch))
                }
                nextPosting = try changes.nextPosting()
            }
            do throws(LMDBError) { try store(first.key, txn) } catch { throw StoreError(error) }
            summary.blocks += 1
            summary.postings += UInt64(block.count)
            summary.removals += UInt64(removed.count)
            room -= PostingChunk.stride * (block.count + removed.count + 1)
        }
    }

    /// Writes the block of a key.
    private func store(_ key: UInt64, _ txn: borrowing WriteTransaction) throws(LMDBError) {
        var start = 0
        while start < block.count {
            let end = min(start + PostingChunk.limit, block.count)
            let name = start == 0 ? KeyBytes(hash: key) : KeyBytes(hash: key, sub: block[start].record)
            try name.withBytes { bytes throws(LMDBError) in
                let count = StoredValue.chunkHead + (end - start) * PostingChunk.stride
                try txn.append(tables.posting, bytes, count: count) { place in
                    StoredValue.writeChunk(key, block[start..<end], to: place)
                }
            }
            start = end
        }
        guard !removed.isEmpty else { return }
        try KeyBytes(hash: key).withBytes { bytes throws(LMDBError) in
            try txn.append(tables.removal, bytes, count: removed.count * 8) { place in
                for (index, record) in removed.enumerated() {
                    place.storeBytes(of: record.littleEndian, toByteOffset: index * 8, as: UInt64.self)
                }
            }
        }
    }

    /// Writes what a reader needs to know of the file, and makes it durable.
    private func finish() throws(StoreError) {
        let txn = try begin()
        do throws(LMDBError) {
            let format = sealer == nil ? RunTables.format : RunTables.sealedFormat
            try RunWriter.put(RunTables.formatKey, [UInt8](bytesOf: format.littleEndian), tables.store, txn)
            if let sealer {
                try RunWriter.put(RunTables.keyKey, KeyProof.make(sealer), tables.store, txn)
            }
            try RunWriter.put(RunTables.summaryKey, summary.bytes, tables.store, txn)
        } catch {
            throw StoreError(error)
        }
        try RunIndexer.write(environment, tables, summary, path: path, txn)
        do throws(LMDBError) {
            try txn.commit()
            try environment.sync()
        } catch {
            throw StoreError(error)
        }
    }

    private static func put(
        _ key: [UInt8],
        _ value: [UInt8],
        _ table: Table,
        _ txn: borrowing WriteTransaction
    ) throws(LMDBError) {
        try key.withBytes { key throws(LMDBError) in
            try value.withBytes { value throws(LMDBError) in try txn.put(table, key, value) }
        }
    }
}
