internal import Identifiers
internal import LMDB

/// The postings and the removals of one run, one after the other, by blocking key, then by record.
final class PostingStream {
    private let postings: ReadCursor
    private let removals: ReadCursor?
    // Keeps the reader's cursors valid.
    private let run: Run
    private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)
    private var chunkKey: UInt64 = 0
    private var chunkIndex = 0
    private var removed = UnsafeRawBufferPointer(start: nil, count: 0)
    private var removedKey: UInt64 = 0
    private var removedIndex = 0
    /// The only key that is read, if any.
    private var only: UInt64?
    /// The current change, `nil` behind the last.
    private(set) var current: PostingChange?

    init(_ reader: PooledReader, _ run: Run) throws(LMDBError) {
        self.run = run
        postings = try reader.makeCursor(run.tables.posting)
        removals = run.summary.removals > 0 ? try reader.makeCursor(run.tables.removal) : nil
    }

    /// Goes to the first posting of all.
    func rewind() throws(LMDBError) {
        only = nil
        try take(try postings.first())
        if let removals { try takeRemovals(try removals.first()) }
        settle()
    }

    /// Goes to the first posting of a key, and reads no other key.
    func seek(_ key: UInt64) throws(LMDBError) {
        only = key
        try move(to: key)
    }

    /// Goes to the first posting of a key or of those behind it.
    func seek(from key: UInt64) throws(LMDBError) {
        only = nil
        try move(to: key)
    }

    private func move(to key: UInt64) throws(LMDBError) {
        try KeyBytes(hash: key).withBytes { bytes throws(LMDBError) in
            try take(try postings.seek(bytes))
            if let removals { try takeRemovals(try removals.seek(bytes)) }
        }
        settle()
    }

    func advance() throws(LMDBError) {
        guard let current else { return }
        if current.isRemoved {
            removedIndex += 1
            if removedIndex * 8 >= removed.count, let removals { try takeRemovals(try removals.next()) }
        } else {
            chunkIndex += 1
            if chunkIndex >= PostingChunk.count(chunk) { try take(try postings.next()) }
        }
        settle()
    }

    private func settle() {
        let record = chunk.isEmpty ? 0 : PostingChunk.record(chunk, chunkIndex)
        if !removed.isEmpty {
            let gone = UInt64(littleEndian: removed.loadUnaligned(fromByteOffset: removedIndex * 8, as: UInt64.self))
            if chunk.isEmpty || (removedKey, gone) < (chunkKey, record) {
                current = PostingChange(key: removedKey, record: gone, sketch: SketchBits(0), isRemoved: true)
                return
            }
        }
        guard !chunk.isEmpty else {
            current = nil
            return
        }
        let sketch = PostingChunk.sketch(chunk, chunkIndex)
        current = PostingChange(key: chunkKey, record: record, sketch: sketch, isRemoved: false)
    }

    private func take(_ row: ReadCursor.Row?) throws(LMDBError) {
        chunkIndex = 0
        guard let row, let key = try key(of: row) else {
            chunk = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let postings = StoredValue.chunk(row.value) else { throw PostingStream.damaged }
        (chunkKey, chunk) = (key, postings)
    }

    private func takeRemovals(_ row: ReadCursor.Row?) throws(LMDBError) {
        removedIndex = 0
        guard let row, let key = try key(of: row) else {
            removed = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard row.value.count % 8 == 0, !row.value.isEmpty else { throw PostingStream.damaged }
        (removedKey, removed) = (key, row.value)
    }

    private static var damaged: LMDBError { LMDBError(damaged: "a block of postings has a wrong length") }

    /// The blocking key of a row, or `nil` where it is not one that is read.
    private func key(of row: ReadCursor.Row) throws(LMDBError) -> UInt64? {
        guard row.key.count >= 8 else { throw PostingStream.damaged }
        let key = KeyBytes.hash(row.key)
        if let only, key != only { return nil }
        return key
    }
}
