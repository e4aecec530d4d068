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

    /// Makes a change.
    public init(_ table: StateTable, _ key: StoreKey, _ value: UnsafeRawBufferPointer?) {
        self.table = table
        self.key = key
        self.value = value
    }
}

/// A change of one posting.
public struct PostingChange: Equatable {
    /// The blocking key.
    public let key: UInt64
    /// The record.
    public let record: UInt64
    /// The record's sketch.
    public let sketch: UInt64
    /// Whether the posting is taken out.
    public let isRemoved: Bool

    /// Makes a change.
    public init(key: UInt64, record: UInt64, sketch: UInt64, isRemoved: Bool) {
        self.key = key
        self.record = record
        self.sketch = sketch
        self.isRemoved = isRemoved
    }
}

/// Changes that are applied as a whole or not at all.
///
/// It borrows the memory of the delta that made it: use it only while that lives.
public struct StateBatch {
    /// Row changes by table, then by key; no key twice.
    public var rows: [RowChange]
    /// Posting changes by key, then by record; no pair twice.
    public var postings: [PostingChange]
    /// Where the state is afterwards; `nil` where more batches follow.
    public var mark: StateMark?

    /// Makes a batch.
    public init(rows: [RowChange] = [], postings: [PostingChange] = [], mark: StateMark? = nil) {
        self.rows = rows
        self.postings = postings
        self.mark = mark
    }
}

/// The seam to what lies under the delta: rows and postings in key order, changed in large sorted batches.
public protocol StateStore: Sendable {
    /// Makes a reader; it belongs to one thread at a time.
    func makeReader() throws(StoreError) -> any StateReader
    /// Applies a batch durably; readers see all of it or nothing.
    ///
    /// - Throws: `StoreError`; nothing was applied then.
    func apply(_ batch: StateBatch) throws(StoreError)
    /// Bytes of the state's file.
    var fileBytes: UInt64 { get }
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
    /// Lends rows in key order from a key on, until the closure has enough.
    func walk(
        _ table: StateTable,
        from key: StoreKey,
        _ body: (StoreKey, UnsafeRawBufferPointer) -> Bool
    ) throws(StoreError)
    /// Lends the chunks of a block until the closure has enough: postings in the form of `PostingChunk`, in the order of
    /// records.
    func block(_ key: UInt64, _ body: (UnsafeRawBufferPointer) -> Bool) throws(StoreError)
    /// Number of rows of a table.
    func count(_ table: StateTable) throws(StoreError) -> UInt64
    /// Number of postings.
    func postingCount() throws(StoreError) -> UInt64
}
