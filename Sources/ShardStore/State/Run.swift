internal import Glibc
internal import LMDB
internal import ShardProtocol

/// A sorted part of the state in a file of its own that is never changed: what one flush brought, or several merged.
final class Run: @unchecked Sendable {  // nothing in it is ever changed, the index's memory included
    let id: UInt64
    let path: String
    let environment: Environment
    let tables: RunTables
    let summary: RunSummary
    let fileBytes: UInt64
    private let file: MappedFile
    private let index: UnsafeRawBufferPointer
    // Keeps the snapshot open that lends the index's memory.
    private let snapshot: PooledReader

    /// Opens a run's file.
    ///
    /// - Throws: `StoreError.state` where it is missing or damaged, `.unknownFormat`.
    init(id: UInt64, directory: String) throws(StoreError) {
        self.id = id
        let path = Run.path(id, in: directory)
        self.path = path
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw .state("\(path) is missing: restore the store from a replica") }
        var options = EnvironmentOptions()
        options.use = .finished
        options.mapSize = Int(facts.st_size)
        let environment = try mapped { () throws(LMDBError) in try Environment(path: path, options: options) }
        self.environment = environment
        fileBytes = environment.fileBytes
        // A page that is not in the file would end the process when it is read.
        guard fileBytes <= UInt64(facts.st_size) else {
            throw .state("\(path) is cut short: restore the store from a replica")
        }
        let tables = RunTables(
            try mapped { () throws(LMDBError) in try environment.openFinishedTables(RunTables.names) }
        )
        self.tables = tables
        let snapshot = try mapped { () throws(LMDBError) in try PooledReader(environment) }
        self.snapshot = snapshot
        try mapped { () throws(LMDBError) in try snapshot.begin() }
        func row(_ key: [UInt8]) throws(StoreError) -> UnsafeRawBufferPointer? {
            try mapped { () throws(LMDBError) in
                try key.withBytes { key throws(LMDBError) in try snapshot.get(tables.store, key) }
            }
        }
        let format = try row(RunTables.formatKey)
        let found = format?.count == 4 ? format?.loadUnaligned(as: UInt32.self) ?? 0 : 0
        guard UInt32(littleEndian: found) == RunTables.format else {
            throw .unknownFormat(file: path, found: UInt32(littleEndian: found), known: RunTables.format)
        }
        guard let summary = RunSummary(try row(RunTables.summaryKey)), let index = try row(RunTables.indexKey),
            RunIndex.isSound(index, keys: summary.keys)
        else { throw .state("\(path) is damaged: restore the store from a replica") }
        self.summary = summary
        self.index = index
        file = try MappedFile(path)
    }

    /// Where a run's file is.
    static func path(_ id: UInt64, in directory: String) -> String {
        let digits = String(id, radix: 16)
        return directory + "/" + filePrefix + String(repeating: "0", count: 16 - digits.count) + digits + fileSuffix
    }

    static let filePrefix = "run-"
    static let fileSuffix = ".mdb"

    /// What the run says of a row, or `nil` where it says nothing.
    ///
    /// - Throws: `StoreError.state` where the file is damaged.
    func find(_ table: StateTable, _ key: StoreKey, _ hash: UInt64) throws(StoreError) -> StoredValue.Row? {
        let name = KeyBytes(key, in: table)
        guard
            let place = try RunIndex.find(
                hash,
                in: index,
                { place throws(StoreError) in
                    name.withBytes { equals($0, place) }
                }
            )
        else { return nil }
        guard let row = StoredValue.row(table, UnsafeRawBufferPointer(rebasing: file.bytes[place.offset...])) else {
            throw damaged
        }
        return row
    }

    /// What the run says of a block of postings.
    enum Block {
        /// Nothing.
        case none
        /// All its postings in one chunk.
        case chunk(UnsafeRawBufferPointer)
        /// Several chunks, or removals: a `PostingStream` reads them.
        case spread
    }

    /// Finds a block; `hash` is of `RunIndex`.
    ///
    /// - Throws: `StoreError.state` where the file is damaged.
    func find(posting key: UInt64, _ hash: UInt64) throws(StoreError) -> Block {
        let name = KeyBytes(hash: key)
        // A block without a place of its own may be another key's: the stream finds out.
        guard
            let place = try RunIndex.find(
                hash,
                in: index,
                { place throws(StoreError) in
                    place.offset == 0 || name.withBytes { equals($0, place) }
                }
            )
        else { return .none }
        if place.isSpread { return .spread }
        guard let chunk = StoredValue.chunk(UnsafeRawBufferPointer(rebasing: file.bytes[place.offset...])) else {
            throw damaged
        }
        return .chunk(chunk)
    }

    /// Asks for the line of the index in which a key is looked for.
    func announce(_ hash: UInt64) {
        Prefetch.lines(1, at: UInt(bitPattern: index.baseAddress) &+ UInt(RunIndex.line(hash, bytes: index.count)))
    }

    /// Asks for the first lines of the value that a key very likely has; after `announce`.
    func expect(_ hash: UInt64, lines: UInt) {
        let offset = RunIndex.likely(hash, in: index)
        guard offset != 0 else { return }
        Prefetch.lines(lines, at: UInt(bitPattern: file.bytes.baseAddress) &+ UInt(offset))
    }

    private func equals(_ key: UnsafeRawBufferPointer, _ place: RunIndex.Place) -> Bool {
        guard place.offset <= file.bytes.count - key.count, let start = file.bytes.baseAddress,
            let wanted = key.baseAddress
        else { return false }
        return memcmp(start + place.offset, wanted, key.count) == 0
    }

    private var damaged: StoreError { .state("\(path) is damaged: restore the store from a replica") }
}
