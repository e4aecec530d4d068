import LMDB

/// Merges posting changes into the chunks of their blocks.
struct PostingWriter {
    private var merged: [Posting] = []
    private var chunk: [UInt8] = []

    /// Applies changes that are in the order of keys, then of records.
    ///
    /// - Returns: how many postings more there are.
    mutating func apply(_ changes: [PostingChange], _ cursor: borrowing Cursor) throws(LMDBError) -> Int {
        var growth = 0
        var start = 0
        while start < changes.count {
            let key = changes[start].key
            var end = start + 1
            while end < changes.count, changes[end].key == key { end += 1 }
            growth += try applyBlock(key, changes[start..<end], cursor)
            start = end
        }
        return growth
    }

    private mutating func applyBlock(
        _ key: UInt64,
        _ changes: ArraySlice<PostingChange>,
        _ cursor: borrowing Cursor
    ) throws(LMDBError) -> Int {
        var rest = changes
        var growth = 0
        var bound: UInt64? = nil
        while !rest.isEmpty {
            var next = try load(key, bound, cursor)
            // Chunks that no change falls into are passed over.
            while let after = next, let first = rest.first, first.record >= after {
                bound = after
                next = try load(key, bound, cursor)
            }
            let end = next.flatMap { after in rest.firstIndex { $0.record >= after } } ?? rest.endIndex
            growth += chunk.withBytes { merge(rest[rest.startIndex..<end], into: $0, &merged) }
            try store(key, bound, cursor)
            rest = rest[end...]
            bound = next
        }
        return growth
    }

    /// Copies the chunk that begins at a bound, empty where there is none; returns the bound of the one after it.
    private mutating func load(
        _ key: UInt64,
        _ bound: UInt64?,
        _ cursor: borrowing Cursor
    ) throws(LMDBError) -> UInt64? {
        chunk.removeAll(keepingCapacity: true)
        var row = try seek(key, bound, cursor)
        guard let found = row, KeyBytes.hash(found.key) == key else { return nil }
        let isWanted = bound == nil ? found.key.count == 8 : KeyBytes.sub(found.key) == bound
        if isWanted {
            chunk.append(contentsOf: found.value)
            row = try cursor.next()
        }
        guard let after = row, KeyBytes.hash(after.key) == key else { return nil }
        return KeyBytes.sub(after.key)
    }

    private func seek(_ key: UInt64, _ bound: UInt64?, _ cursor: borrowing Cursor) throws(LMDBError) -> Cursor.Row? {
        try PostingWriter.keyBytes(key, bound).withBytes { bytes throws(LMDBError) in try cursor.seek(bytes) }
    }

    /// Writes the merged postings in place of the chunk at a bound, as several chunks where they are too many for one.
    private mutating func store(_ key: UInt64, _ bound: UInt64?, _ cursor: borrowing Cursor) throws(LMDBError) {
        guard !merged.isEmpty else { return try remove(key, bound, cursor) }
        // Chunks of a split are three quarters full, so that the next postings do not split them again.
        let pieces = merged.count <= PostingChunk.limit ? 1 : (merged.count * 4 - 1) / (PostingChunk.limit * 3) + 1
        for piece in 0..<pieces {
            let range = (merged.count * piece / pieces)..<(merged.count * (piece + 1) / pieces)
            let start = piece == 0 ? bound : merged[range.lowerBound].record
            encode(range)
            try PostingWriter.keyBytes(key, start).withBytes { bytes throws(LMDBError) in
                try chunk.withBytes { value throws(LMDBError) in try cursor.put(bytes, value) }
            }
        }
    }

    private func remove(_ key: UInt64, _ bound: UInt64?, _ cursor: borrowing Cursor) throws(LMDBError) {
        try PostingWriter.keyBytes(key, bound).withBytes { bytes throws(LMDBError) in
            guard try cursor.find(bytes) != nil else { return }
            try cursor.deleteCurrent()
        }
    }

    private mutating func encode(_ range: Range<Int>) {
        chunk.removeAll(keepingCapacity: true)
        for posting in merged[range] {
            withUnsafeBytes(of: posting.record.littleEndian) { chunk.append(contentsOf: $0) }
            withUnsafeBytes(of: posting.sketch.littleEndian) { chunk.append(contentsOf: $0) }
        }
    }

    private static func keyBytes(_ key: UInt64, _ bound: UInt64?) -> KeyBytes {
        bound.map { KeyBytes(hash: key, sub: $0) } ?? KeyBytes(hash: key)
    }
}
