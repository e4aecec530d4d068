internal import Identifiers
import ShardProtocol

/// What is durable in the log but not yet in the state: the newest value of every row and posting that was changed.
///
/// It is filled by one thread; once frozen it is only read.
final class Delta: @unchecked Sendable {  // changed under the store's lock only, and not once frozen
    /// Asks for what leads to the places that an operation changes.
    func announce(_ operation: StoreOperation) {
        switch operation {
        case .put(let table, let key, _): rows[Int(StateTable(table).rawValue)].announce(key.hash, key.sub)
        case .delete(let table, let key): rows[Int(StateTable(table).rawValue)].announce(key.hash, key.sub)
        case .post(let key, _, let record), .unpost(let key, let record):
            postings.announce(key, record.rawValue)
            blocks.announce(key)
        }
    }

    /// What the delta says of a row.
    enum Finding {
        /// Nothing: ask what lies under it.
        case unknown
        /// The row is removed.
        case removed
        /// The row's value.
        case value(UnsafeRawBufferPointer)
    }

    private var arena = DeltaArena()
    private var entryCount = 0
    private let rows: [DeltaTable]
    /// Postings by key and record.
    let postings = DeltaTable()
    /// The latest posting of each key, from which the others are linked.
    let blocks = DeltaTable()
    /// Where the state is once this delta is in it.
    private(set) var mark: StateMark
    /// Bytes of the log that this delta stands for.
    private(set) var logBytes = 0

    init(after mark: StateMark) {
        self.mark = mark
        rows = StateTable.allCases.map { _ in DeltaTable() }
    }

    /// The entries of a table.
    func table(_ table: StateTable) -> DeltaTable { rows[Int(table.rawValue)] }

    /// Memory that the content needs, in bytes.
    var bytes: Int { arena.bytes + entryCount * DeltaTable.bytesPerEntry }

    /// Whether nothing was changed.
    var isEmpty: Bool { logBytes == 0 }

    /// Notes that a frame with such an entry is in.
    func advance(to frame: UInt64, _ epoch: Epoch, message: UInt64, _ through: Sequence, logBytes: Int) {
        // Messages are counted anew in each epoch.
        let earlier = epoch > mark.epoch ? 0 : mark.message
        mark = StateMark(
            frame: frame,
            epoch: max(mark.epoch, epoch),
            message: max(earlier, epoch < mark.epoch ? 0 : message),
            through: max(mark.through, through)
        )
        self.logBytes += logBytes
    }

    /// Applies one operation.
    func apply(_ operation: StoreOperation) {
        switch operation {
        case .put(let table, let key, let value): put(StateTable(table), key, value)
        case .delete(let table, let key): delete(StateTable(table), key)
        case .post(let key, let sketch, let record): change(key, record.rawValue, sketch, DeltaEntry.present)
        case .unpost(let key, let record): change(key, record.rawValue, SketchBits(0), DeltaEntry.removed)
        }
    }

    /// Writes a row.
    func put(_ table: StateTable, _ key: StoreKey, _ value: UnsafeRawBufferPointer) {
        put(table, key, first: UnsafeRawBufferPointer(start: nil, count: 0), value)
    }

    /// Writes a row whose value is given in two parts.
    func put(
        _ table: StateTable,
        _ key: StoreKey,
        first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer
    ) {
        let entries = rows[Int(table.rawValue)]
        let (position, isNew) = entries.insert(key.hash, key.sub)
        entryCount += isNew ? 1 : 0
        let length = first.count + second.count
        var entry = entries.entries[position]
        let room: UnsafeMutableRawPointer
        if entry.address != 0, Int(entry.link) >= length, let used = UnsafeMutableRawPointer(bitPattern: entry.address)
        {
            room = used
        } else {
            room = arena.take(length)
            entry.address = UInt(bitPattern: room)
            entry.link = UInt32(length)
        }
        if let base = first.baseAddress { room.copyMemory(from: base, byteCount: first.count) }
        if let base = second.baseAddress { (room + first.count).copyMemory(from: base, byteCount: second.count) }
        entry.length = Int32(length)
        entries.entries[position] = entry
    }

    /// Removes a row.
    func delete(_ table: StateTable, _ key: StoreKey) {
        let entries = rows[Int(table.rawValue)]
        let (position, isNew) = entries.insert(key.hash, key.sub)
        entryCount += isNew ? 1 : 0
        entries.entries[position].length = DeltaEntry.removed
    }

    /// What the delta says of a row.
    @inline(__always)
    func find(_ table: StateTable, _ key: StoreKey) -> Finding {
        let entries = rows[Int(table.rawValue)]
        guard let position = entries.find(key.hash, key.sub) else { return .unknown }
        return finding(entries.entries[position])
    }

    /// What an entry of a row table says.
    func finding(_ entry: DeltaEntry) -> Finding {
        guard !entry.isRemoved else { return .removed }
        return .value(
            UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: entry.address), count: Int(entry.length))
        )
    }

    /// Adds the changes of a block to a list, in no order.
    func collect(_ key: UInt64, into changes: inout [PostingChange]) {
        guard let block = blocks.find(key) else { return }
        var link = blocks.entries[block].link
        while link != 0 {
            let entry = postings.entries[Int(link) - 1]
            changes.append(
                PostingChange(key: key, record: entry.sub, sketch: entry.sketch, isRemoved: entry.isRemoved)
            )
            link = entry.link
        }
    }

    private func change(_ key: UInt64, _ record: UInt64, _ sketch: SketchBits, _ length: Int32) {
        let (position, isNew) = postings.insert(key, record)
        postings.entries[position].sketch = sketch
        postings.entries[position].length = length
        guard isNew else { return }
        let (block, isNewBlock) = blocks.insert(key)
        entryCount += isNewBlock ? 2 : 1
        postings.entries[position].link = blocks.entries[block].link
        blocks.entries[block].link = UInt32(position + 1)
    }
}
