internal import ShardProtocol

/// Turns a frozen delta into sorted batches and applies them.
struct DeltaFlush {
    /// Most changes of a batch.
    ///
    /// Each may dirty a page of its own that LMDB holds in memory until the commit: 64 MiB.
    static let changeLimit = 16_384
    /// Most bytes of values in a batch.
    static let byteLimit = 32 << 20

    private let state: any StateStore
    private var batch = StateBatch()
    private var bytes = 0

    private init(_ state: any StateStore) { self.state = state }

    /// Applies a delta; its mark comes with the last batch, so that a crash in between repeats the whole.
    ///
    /// - Throws: `StoreError`; some batches may have been applied, which is harmless, since all changes are absolute.
    static func run(_ delta: Delta, into state: any StateStore) throws(StoreError) {
        var flush = DeltaFlush(state)
        for table in StateTable.allCases { try flush.add(delta, table) }
        try flush.addPostings(delta)
        flush.batch.mark = delta.mark
        try flush.apply()
    }

    private mutating func add(_ delta: Delta, _ table: StateTable) throws(StoreError) {
        let entries = delta.table(table)
        for position in entries.sorted() {
            let entry = entries.entries[Int(position)]
            if case .value(let value) = delta.finding(entry) {
                batch.rows.append(RowChange(table, entry.key, value))
                bytes += value.count
            } else {
                batch.rows.append(RowChange(table, entry.key, nil))
            }
            try applyIfLarge()
        }
    }

    private mutating func addPostings(_ delta: Delta) throws(StoreError) {
        for position in delta.postings.sorted() {
            let entry = delta.postings.entries[Int(position)]
            batch.postings.append(
                PostingChange(key: entry.hash, record: entry.sub, sketch: entry.word, isRemoved: entry.isRemoved)
            )
            try applyIfLarge()
        }
    }

    private mutating func applyIfLarge() throws(StoreError) {
        guard batch.rows.count + batch.postings.count >= DeltaFlush.changeLimit || bytes >= DeltaFlush.byteLimit else {
            return
        }
        try apply()
    }

    private mutating func apply() throws(StoreError) {
        try state.apply(batch)
        batch.rows.removeAll(keepingCapacity: true)
        batch.postings.removeAll(keepingCapacity: true)
        bytes = 0
    }
}
