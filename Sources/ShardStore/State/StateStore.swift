public import Identifiers
public import ShardProtocol

/// How far a state is: everything up to these numbers is in it.
public struct StateMark: Sendable, Equatable {
    /// The last log frame.
    public var frame: UInt64
    /// The highest epoch.
    public var epoch: Epoch
    /// The number of the last commit message of that epoch.
    public var message: UInt64
    /// The highest sequence number.
    public var through: Sequence

    /// Makes a mark.
    public init(frame: UInt64 = 0, epoch: Epoch = Epoch(0), message: UInt64 = 0, through: Sequence = .zero) {
        self.frame = frame
        self.epoch = epoch
        self.message = message
        self.through = through
    }
}

/// A change of one row.
public struct RowChange {
    /// The table.
    public let table: StateTable
    /// The key.
    public let key: StoreKey
    /// The new value, borrowed; `nil` where the row is removed.
    public let value: UnsafeRawBufferPointer?
    /// The number of the key under which the value is sealed already; `nil` where it is in clear.
    let sealedUnder: UInt32?

    /// Makes a change.
    public init(_ table: StateTable, _ key: StoreKey, _ value: UnsafeRawBufferPointer?) {
        self.init(table, key, value, sealedUnder: nil)
    }

    init(_ table: StateTable, _ key: StoreKey, _ value: UnsafeRawBufferPointer?, sealedUnder: UInt32?) {
        self.table = table
        self.key = key
        self.value = value
        self.sealedUnder = sealedUnder
    }
}

/// A change of one posting.
public struct PostingChange: Equatable {
    /// The blocking key.
    public let key: UInt64
    /// The record.
    public let record: UInt64
    /// The record's sketch.
    public let sketch: SketchBits
    /// Whether the posting is taken out.
    public let isRemoved: Bool

    /// Makes a change.
    public init(key: UInt64, record: UInt64, sketch: SketchBits, isRemoved: Bool) {
        self.key = key
        self.record = record
        self.sketch = sketch
        self.isRemoved = isRemoved
    }
}

/// Changes in the order in which a state keeps them.
///
/// Rows come by table, then by key, no key twice; then postings by blocking key, then by record, no pair twice.
/// What it lends lives until the next row is asked for.
public protocol ChangeSource {
    /// The next row change, or `nil` after the last.
    mutating func nextRow() throws(StoreError) -> RowChange?
    /// The next posting change, or `nil` after the last; to be asked after the last row.
    mutating func nextPosting() throws(StoreError) -> PostingChange?
}

/// The seam to what lies under the delta: rows and postings in key order, changed in large sorted batches.
public protocol StateStore: Sendable {
    /// Makes a reader; it belongs to one thread at a time.
    func makeReader() throws(StoreError) -> any StateReader
    /// Applies changes durably; readers see all of them or nothing.
    ///
    /// - Parameters:
    ///   - changes: the changes.
    ///   - mark: where the state is afterwards.
    /// - Throws: `StoreError`; nothing was applied then.
    func apply(_ changes: some ChangeSource, mark: StateMark) throws(StoreError)
    /// Does one piece of housekeeping that is due, while others read and write.
    ///
    /// - Parameter isCancelled: asked now and then; what was begun is given up where it says so.
    /// - Returns: whether there was anything to do.
    /// - Throws: `StoreError`; the state is what it was then.
    func tidy(_ isCancelled: () -> Bool) throws(StoreError) -> Bool
    /// Whether so much housekeeping is due that changes should wait for it.
    var isUntidy: Bool { get }
    /// Bytes of the state's files.
    var fileBytes: UInt64 { get }
    /// Compares what is stored with the checksums from when it was written.
    ///
    /// - Parameter rest: awaited after every piece, so that nothing else waits for long.
    /// - Returns: what is damaged, a line each.
    func findDamage(rest: @Sendable () async -> Void) async -> [String]
}

extension StateStore {
    /// Finds nothing.
    public func findDamage(rest: @Sendable () async -> Void) async -> [String] { [] }
}

/// Reads a snapshot of a state between `begin` and `end`; what it lends is valid until `end`.
public protocol StateReader: AnyObject {
    /// Takes the newest snapshot.
    func begin() throws(StoreError)
    /// Gives it back.
    func end()
    /// The mark of the snapshot.
    func mark() throws(StoreError) -> StateMark
    /// Lends a row's value, or `nil`.
    func get(_ table: StateTable, _ key: StoreKey) throws(StoreError) -> UnsafeRawBufferPointer?
    /// Says which blocks are read soon: a state may have what leads to them fetched.
    func announce(blocks keys: [UInt64])
    /// Says which blocks are read next, after they were announced: a state may have them fetched.
    func expect(blocks keys: [UInt64])
    /// Says that a row is read soon: a state may have what leads to it fetched.
    func announce(_ table: StateTable, _ key: StoreKey)
    /// Says that a row is read next, after it was announced: a state may have it fetched.
    func expect(_ table: StateTable, _ key: StoreKey)
    /// Lends rows in key order from a key on, until the closure has enough.
    func walk(
        _ table: StateTable,
        from key: StoreKey,
        _ body: (StoreKey, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError)
    /// Lends a block as chunks of which each is in the order of records, the newest chunk first.
    ///
    /// Of a record that is in several the first counts.
    ///
    /// - Returns: whether these are all; where not, `block` has to be asked.
    /// - Throws: `StoreError` where the state fails.
    func newestChunks(_ key: UInt64, into chunks: inout [UnsafeRawBufferPointer]) throws(StoreError) -> Bool
    /// Lends the chunks of a block until the closure has enough: postings in the form of `PostingChunk`, in the order of
    /// records.
    func block(_ key: UInt64, _ body: (UnsafeRawBufferPointer) -> Bool) throws(StoreError)
    /// Gives postings in the order of keys and records from a key on, until the closure has enough.
    func walkPostings(from key: UInt64, _ body: (PostingChange) -> Bool) throws(StoreError)
    /// Number of rows of a table; what is superseded or removed counts until housekeeping drops it.
    func count(_ table: StateTable) throws(StoreError) -> UInt64
    /// Number of postings, counted as rows are.
    func postingCount() throws(StoreError) -> UInt64
}

extension StateReader {
    /// Does nothing.
    public func announce(blocks keys: [UInt64]) {}
    /// Does nothing.
    public func expect(blocks keys: [UInt64]) {}
    /// Does nothing.
    public func announce(_ table: StateTable, _ key: StoreKey) {}
    /// Does nothing.
    public func expect(_ table: StateTable, _ key: StoreKey) {}
}
