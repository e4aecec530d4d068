import LMDB
internal import ShardProtocol

/// Reads snapshots of an `LMDBState`.
final class LMDBStateReader: StateReader {
    private let reader: PooledReader
    private let tables: LMDBTables

    init(_ reader: PooledReader, _ tables: LMDBTables) {
        self.reader = reader
        self.tables = tables
    }

    func begin() throws(StoreError) {
        try mapped { () throws(LMDBError) in try reader.begin() }
    }

    func end() { reader.end() }

    func mark() throws(StoreError) -> StateMark {
        try mapped { () throws(LMDBError) in try tables.summary(reader).mark }
    }

    func postingCount() throws(StoreError) -> UInt64 {
        try mapped { () throws(LMDBError) in try tables.summary(reader).postings }
    }

    func count(_ table: StateTable) throws(StoreError) -> UInt64 {
        try mapped { () throws(LMDBError) in UInt64(try reader.count(tables[table])) }
    }

    func get(_ table: StateTable, _ key: StoreKey) throws(StoreError) -> UnsafeRawBufferPointer? {
        try mapped { () throws(LMDBError) in
            try KeyBytes(key, in: table).withBytes { bytes throws(LMDBError) in try reader.get(tables[table], bytes) }
        }
    }

    func walk(
        _ table: StateTable,
        from key: StoreKey,
        _ body: (StoreKey, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError) {
        let length = table.hasSubkey ? 16 : 8
        var isSound = true
        try mapped { () throws(LMDBError) in
            try KeyBytes(key, in: table).withBytes { start throws(LMDBError) in
                try reader.walk(tables[table], from: start) { bytes, value in
                    isSound = bytes.count == length
                    guard isSound else { return false }
                    return body(StoreKey(KeyBytes.hash(bytes), sub: KeyBytes.sub(bytes)), value)
                }
            }
        }
        guard isSound else { throw .state("table \(table) has a key of a wrong length") }
    }

    func block(_ key: UInt64, _ body: (UnsafeRawBufferPointer) -> Bool) throws(StoreError) {
        var isSound = true
        try mapped { () throws(LMDBError) in
            try KeyBytes(hash: key).withBytes { start throws(LMDBError) in
                try reader.walk(tables.posting, from: start) { bytes, chunk in
                    isSound = bytes.count >= 8 && chunk.count % PostingChunk.stride == 0
                    guard isSound, KeyBytes.hash(bytes) == key else { return false }
                    return body(chunk)
                }
            }
        }
        guard isSound else { throw .state("a block of postings has a wrong length") }
    }
}
