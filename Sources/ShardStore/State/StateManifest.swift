internal import Bytes
internal import Identifiers
internal import LMDB

/// Which runs make the state, and how far it is: one small LMDB file whose every change is a synced transaction.
struct StateManifest: Sendable {
    private static let fileName = "manifest.mdb"
    private static let contentKey = Array("content".utf8)
    private static let headNumbers = 5

    /// What the manifest says.
    struct Content: Equatable {
        var mark = StateMark()
        /// The number that the next run gets; never given twice.
        var nextRun: UInt64 = 1
        /// Runs, the newest first.
        var runs: [UInt64] = []
    }

    private let environment: Environment
    private let store: Table

    /// Opens the manifest in a directory, which is made where there is none.
    ///
    /// - Throws: `StoreError.unknownFormat` where it was written by another version.
    init(directory: String) throws(StoreError) {
        let path = directory + "/" + StateManifest.fileName
        let environment = try mapped { () throws(LMDBError) in try Environment(path: path) }
        self.environment = environment
        let store = try mapped { () throws(LMDBError) in try environment.openTables(["store"])[0] }
        self.store = store
        let found = try mapped { () throws(LMDBError) in
            try environment.write { (txn: borrowing WriteTransaction) throws(LMDBError) -> UInt32? in
                let stored = try RunTables.formatKey.withBytes { key throws(LMDBError) in try txn.get(store, key) }
                if let stored { return stored.count == 4 ? stored.loadUnaligned(as: UInt32.self) : 0 }
                try RunTables.formatKey.withBytes { key throws(LMDBError) in
                    try withUnsafeBytes(of: RunTables.format.littleEndian) { value throws(LMDBError) in
                        try txn.put(store, key, value)
                    }
                }
                return nil
            }
        }
        if let found, UInt32(littleEndian: found) != RunTables.format {
            throw .unknownFormat(file: path, found: UInt32(littleEndian: found), known: RunTables.format)
        }
    }

    var fileBytes: UInt64 { environment.fileBytes }

    func read() throws(StoreError) -> Content {
        let content = try mapped { () throws(LMDBError) in
            try environment.read { (txn: borrowing ReadTransaction) throws(LMDBError) -> Content? in
                try StateManifest.contentKey.withBytes { key throws(LMDBError) in
                    guard let stored = try txn.get(store, key) else { return Content() }
                    return StateManifest.decode(stored)
                }
            }
        }
        guard let content else { throw .damaged("the manifest is damaged") }
        return content
    }

    /// Makes a content durable.
    func write(_ content: Content) throws(StoreError) {
        var row = ByteWriter(capacity: 8 * (StateManifest.headNumbers + content.runs.count))
        let mark = content.mark
        for number in [mark.frame, mark.epoch.rawValue, mark.message, mark.through.rawValue, content.nextRun] {
            row.write(number)
        }
        for run in content.runs { row.write(run) }
        try mapped { () throws(LMDBError) in
            try environment.write { (txn: borrowing WriteTransaction) throws(LMDBError) in
                try StateManifest.contentKey.withBytes { key throws(LMDBError) in
                    try row.bytes.withBytes { value throws(LMDBError) in try txn.put(store, key, value) }
                }
            }
        }
    }

    static func decode(_ stored: UnsafeRawBufferPointer) -> Content? {
        guard stored.count % 8 == 0, stored.count / 8 >= headNumbers else { return nil }
        let numbers = (0..<(stored.count / 8)).map { index in
            UInt64(littleEndian: stored.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        let mark = StateMark(
            frame: numbers[0],
            epoch: Epoch(numbers[1]),
            message: numbers[2],
            through: Sequence(numbers[3])
        )
        return Content(mark: mark, nextRun: numbers[4], runs: Array(numbers[headNumbers...]))
    }
}
