internal import Bytes
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
    /// The number of the key under which its rows are sealed; `nil` where they are in clear.
    let key: UInt32?
    private let file: MappedFile
    /// What searches ask; valid as long as the run.
    let view: RunView
    // Keeps the snapshot open that lends the index's memory.
    private let snapshot: PooledReader

    /// Opens a run's file.
    ///
    /// - Throws: `StoreError.damaged` where it is missing or not what was written, `.unknownFormat`, `.keys`.
    init(id: UInt64, directory: String, vault: Vault? = nil) throws(StoreError) {
        self.id = id
        let path = Run.path(id, in: directory)
        self.path = path
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw .damaged("\(path) is missing") }
        var options = EnvironmentOptions()
        options.use = .finished
        options.mapSize = Int(facts.st_size)
        let environment = try Run.environment(path, options)
        self.environment = environment
        fileBytes = environment.fileBytes
        // A page that is not in the file would end the process when it is read.
        guard fileBytes <= UInt64(facts.st_size) else {
            throw .damaged("\(path) is cut short")
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
        switch UInt32(littleEndian: found) {
        case RunTables.format: key = nil
        case RunTables.sealedFormat: key = try KeyProof.check(try row(RunTables.keyKey), of: path, vault)
        case let other: throw .unknownFormat(file: path, found: other, known: RunTables.sealedFormat)
        }
        guard let summary = RunSummary(try row(RunTables.summaryKey)), let index = try row(RunTables.indexKey),
            RunIndex.isSound(index, keys: summary.keys)
        else { throw .damaged("\(path) is damaged") }
        self.summary = summary
        file = try MappedFile(path)
        view = RunView(index: index, file: file.bytes, isSealed: key != nil)
    }

    private static func environment(_ path: String, _ options: EnvironmentOptions) throws(StoreError) -> Environment {
        do throws(LMDBError) {
            return try Environment(path: path, options: options)
        } catch {
            throw error.kind == .damaged ? .damaged("\(path) is damaged: \(error)") : StoreError(error)
        }
    }

    /// Where a run's file is.
    static func path(_ id: UInt64, in directory: String) -> String {
        directory + "/" + filePrefix + id.hexadecimal + fileSuffix
    }

    static let filePrefix = "run-"
    static let fileSuffix = ".mdb"

    /// The first of some blocks that is not what was written.
    func damage(by sums: RunSums, blocks: Range<Int>) -> Int? {
        file.read { sums.damage(in: $0, blocks: blocks) }
    }

    /// What is said where `view` finds damage.
    var damaged: StoreError { .damaged("\(path) is damaged") }
}
