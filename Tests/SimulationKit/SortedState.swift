import Locks
import ShardProtocol
public import ShardStore

/// The dumb twin of the state: sorted arrays, every flush durable at once.
///
/// It lies on a `SimulatedDisk`, so that the disk's end and its fullness stop it too.
public final class SortedState: StateStore {
    /// A value that stays where it is as long as somebody may look at it.
    final class Value: @unchecked Sendable {  // never changed after it is made
        let bytes: UnsafeMutableRawBufferPointer

        init(_ content: some Collection<UInt8>) {
            bytes = .allocate(byteCount: content.count, alignment: 8)
            bytes.copyBytes(from: content)
        }

        deinit { bytes.deallocate() }
    }

    struct Content {
        var rows: [[(key: StoreKey, value: Value)]] = StateTable.allCases.map { _ in [] }
        /// Blocks in the order of keys, each with its postings in the order of records.
        var blocks: [(key: UInt64, postings: [Posting])] = []
        var mark = StateMark()
    }

    private let disk: SimulatedDisk
    private let content = Mutex(Content())

    /// Makes an empty state.
    public init(on disk: SimulatedDisk) { self.disk = disk }

    /// Makes a reader.
    public func makeReader() throws(StoreError) -> any StateReader { SortedStateReader(self) }

    /// Bytes of all values.
    public var fileBytes: UInt64 {
        content.withLock { content in
            UInt64(content.rows.joined().reduce(0) { $0 + $1.value.bytes.count })
        }
    }

    var snapshot: Content { content.withLock { $0 } }

    /// Has no housekeeping.
    public func tidy(_ isCancelled: () -> Bool) -> Bool { false }

    /// Never has housekeeping.
    public var isUntidy: Bool { false }

    /// Applies changes as a whole.
    public func apply(_ changes: some ChangeSource, mark: StateMark) throws(StoreError) {
        var changes = changes
        var rows: [RowChange] = []
        while let row = try changes.nextRow() { rows.append(row) }
        var postings: [PostingChange] = []
        while let posting = try changes.nextPosting() { postings.append(posting) }
        // Half a flush is never seen: the state's promise. The crash comes before it or after it.
        try disk.step(needing: rows.reduce(0) { $0 + ($1.value?.count ?? 0) })
        var changed = snapshot
        for table in StateTable.allCases {
            let rows = rows.filter { $0.table == table }
            if !rows.isEmpty { SortedState.merge(rows, into: &changed.rows[Int(table.rawValue)]) }
        }
        SortedState.merge(postings, into: &changed.blocks)
        changed.mark = mark
        content.withLock { $0 = changed }
    }

    private static func merge(_ changes: [RowChange], into rows: inout [(key: StoreKey, value: Value)]) {
        var merged: [(key: StoreKey, value: Value)] = []
        var index = 0
        for change in changes {
            while index < rows.count, rows[index].key < change.key {
                merged.append(rows[index])
                index += 1
            }
            if index < rows.count, rows[index].key == change.key { index += 1 }
            if let value = change.value { merged.append((change.key, Value(value))) }
        }
        merged.append(contentsOf: rows[index...])
        rows = merged
    }

    private static func merge(_ changes: [PostingChange], into blocks: inout [(key: UInt64, postings: [Posting])]) {
        for change in changes {
            let index = blocks.firstIndex { $0.key >= change.key } ?? blocks.count
            if index == blocks.count || blocks[index].key != change.key {
                if change.isRemoved { continue }
                blocks.insert((change.key, []), at: index)
            }
            var postings = blocks[index].postings
            let place = postings.firstIndex { $0.record >= change.record } ?? postings.count
            if place < postings.count, postings[place].record == change.record { postings.remove(at: place) }
            if !change.isRemoved {
                postings.insert(Posting(record: change.record, sketch: change.sketch), at: place)
            }
            blocks[index].postings = postings
            if postings.isEmpty { blocks.remove(at: index) }
        }
    }
}
