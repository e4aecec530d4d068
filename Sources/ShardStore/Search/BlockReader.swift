/// Reads the postings of a block in the order of records, the deltas' changes merged in.
struct BlockReader {
    private var changes: [PostingChange] = []
    /// The postings of the last block read.
    private(set) var postings: [Posting] = []

    init() {}

    /// Reads a block.
    ///
    /// - Parameters:
    ///   - key: the blocking key.
    ///   - view: the store.
    ///   - limit: most postings wanted.
    ///   - from: the first record wanted.
    /// - Returns: whether there are more than the limit.
    /// - Throws: `StoreError` where the state fails.
    mutating func read(_ key: UInt64, _ view: StoreView, limit: Int, from: UInt64 = 0) throws(StoreError) -> Bool {
        postings.removeAll(keepingCapacity: true)
        view.changes(key, &changes)
        var next = from == 0 ? 0 : changes.firstIndex { $0.record >= from } ?? changes.count
        let changeCount = changes.count
        // Copied out of `self`: a closure that captured it would keep the arrays from being changed in place.
        var found = postings
        postings = []
        let changes = changes
        defer { postings = found }
        func addChanges(below bound: UInt64) {
            while next < changeCount, changes[next].record < bound {
                if !changes[next].isRemoved {
                    found.append(Posting(record: changes[next].record, sketch: changes[next].sketch))
                }
                next += 1
            }
        }
        try view.state.block(key) { chunk in
            let count = PostingChunk.count(chunk)
            // Chunks are in order: one that ends before the first record wanted is passed over by a look at its end.
            guard count > 0, PostingChunk.record(chunk, count - 1) >= from else { return true }
            var index = 0
            while index < count, PostingChunk.record(chunk, index) < from { index += 1 }
            while index < count, found.count <= limit {
                let record = PostingChunk.record(chunk, index)
                if next < changeCount {
                    addChanges(below: record)
                    if next < changeCount, changes[next].record == record {
                        // The delta's own posting, if any, is added with the changes below the next record.
                        index += 1
                        continue
                    }
                }
                found.append(Posting(record: record, sketch: PostingChunk.sketch(chunk, index)))
                index += 1
            }
            return found.count <= limit
        }
        if found.count <= limit {
            addChanges(below: UInt64.max)
            if next < changeCount, !changes[next].isRemoved {
                found.append(Posting(record: changes[next].record, sketch: changes[next].sketch))
            }
        }
        guard found.count > limit else { return false }
        found.removeLast(found.count - limit)
        return true
    }
}
