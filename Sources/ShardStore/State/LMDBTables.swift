import Bytes
internal import Identifiers
import LMDB

/// The tables of a state in LMDB, and the two rows it keeps about itself.
struct LMDBTables: Sendable {
    /// The format that this program writes and reads.
    static let format: UInt32 = 1
    private static let formatKey = Array("format".utf8)
    private static let markKey = Array("mark".utf8)
    private static let markLength = 40

    let rows: [Table]
    let posting: Table
    private let store: Table

    /// Opens all tables, and writes the format into a new file.
    ///
    /// - Throws: `StoreError.unknownFormat` where the file was written by another version.
    init(_ environment: Environment, file: String) throws(StoreError) {
        let names = ["store", "posting"] + StateTable.allCases.map { "\($0)" }
        let opened = try mapped { () throws(LMDBError) in try environment.openTables(names) }
        store = opened[0]
        posting = opened[1]
        rows = Array(opened[2...])
        try LMDBTables.checkFormat(environment, store, file)
    }

    subscript(table: StateTable) -> Table { rows[Int(table.rawValue)] }

    private static func checkFormat(_ environment: Environment, _ store: Table, _ file: String) throws(StoreError) {
        let found = try mapped { () throws(LMDBError) in
            try environment.write { (txn: borrowing WriteTransaction) throws(LMDBError) -> UInt32? in
                let stored = try formatKey.withBytes { key throws(LMDBError) in try txn.get(store, key) }
                if let stored { return stored.count == 4 ? stored.loadUnaligned(as: UInt32.self) : 0 }
                try formatKey.withBytes { key throws(LMDBError) in
                    try withUnsafeBytes(of: format.littleEndian) { value throws(LMDBError) in
                        try txn.put(store, key, value)
                    }
                }
                return nil
            }
        }
        if let found, UInt32(littleEndian: found) != format {
            throw .unknownFormat(file: file, found: UInt32(littleEndian: found), known: format)
        }
    }

    /// Mark and number of postings as one row of five numbers.
    func summary(_ bytes: UnsafeRawBufferPointer?) -> (mark: StateMark, postings: UInt64) {
        guard let bytes, bytes.count == LMDBTables.markLength else { return (StateMark(), 0) }
        func number(_ index: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        let mark = StateMark(
            frame: number(0),
            epoch: Epoch(number(1)),
            message: number(2),
            through: Sequence(number(3))
        )
        return (mark, number(4))
    }

    func summary(_ reader: PooledReader) throws(LMDBError) -> (mark: StateMark, postings: UInt64) {
        summary(try LMDBTables.markKey.withBytes { key throws(LMDBError) in try reader.get(store, key) })
    }

    func summary(_ txn: borrowing WriteTransaction) throws(LMDBError) -> (mark: StateMark, postings: UInt64) {
        summary(try LMDBTables.markKey.withBytes { key throws(LMDBError) in try txn.get(store, key) })
    }

    func write(
        _ mark: StateMark,
        postings: UInt64,
        _ txn: borrowing WriteTransaction
    ) throws(LMDBError) {
        var row = ByteWriter(capacity: LMDBTables.markLength)
        for number in [mark.frame, mark.epoch.rawValue, mark.message, mark.through.rawValue, postings] {
            row.write(number)
        }
        try LMDBTables.markKey.withBytes { key throws(LMDBError) in
            try row.bytes.withBytes { value throws(LMDBError) in try txn.put(store, key, value) }
        }
    }
}

/// Turns LMDB's errors into the store's.
func mapped<Result>(_ body: () throws(LMDBError) -> Result) throws(StoreError) -> Result {
    do throws(LMDBError) {
        return try body()
    } catch {
        throw error.kind == .full ? .diskFull : .state(error.description)
    }
}
