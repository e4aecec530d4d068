import ShardProtocol

/// The operations that make one page of a store equal to the same page of another.
struct PageDifference {
    /// What is to be written to the target.
    private(set) var operations = OperationWriter()
    /// Where the next page begins; `nil` where both are exhausted.
    let next: StoreKey?

    /// Compares a page of rows of one table.
    init(_ table: StoreTable, source: ScanAnswer, target: ScanAnswer) {
        next = [source.next, target.next].compactMap { $0 }.min()
        var old = target.rows[...]
        for row in source.rows where isCovered(row.key) {
            while let first = old.first, first.key < row.key {
                operations.delete(table, old.removeFirst().key)
            }
            if let first = old.first, first.key == row.key {
                old.removeFirst()
                if first.value == row.value { continue }
            }
            operations.put(table, row.key, row.value)
        }
        for row in old where isCovered(row.key) { operations.delete(table, row.key) }
    }

    /// Compares a page of postings.
    init(source: PostingsAnswer, target: PostingsAnswer) {
        next = [source.next, target.next].compactMap { $0 }.min()
        var old = target.rows[...]
        for row in source.rows where isCovered(row.place) {
            while let first = old.first, first.place < row.place {
                operations.unpost(key: first.key, record: first.record)
                old.removeFirst()
            }
            if let first = old.first, first.place == row.place {
                old.removeFirst()
                if first.sketch == row.sketch { continue }
            }
            operations.post(key: row.key, sketch: row.sketch, record: row.record)
        }
        for row in old where isCovered(row.place) { operations.unpost(key: row.key, record: row.record) }
    }

    /// Whether both pages speak of a place: beyond the shorter one's end nothing is known.
    private func isCovered(_ place: StoreKey) -> Bool { next.map { place < $0 } ?? true }
}
