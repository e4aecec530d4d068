/// Postings as they are stored: runs of 16 bytes, record then sketch, little-endian, in the order of records.
///
/// A block is one chunk under its key until it passes `limit`; then it is split, and every further chunk stands under the
/// key followed by the smallest record that belongs into it. So a change of a long block rewrites one chunk only.
public enum PostingChunk {
    /// Bytes of a posting.
    public static let stride = 16
    /// Most postings of a chunk: 1,920 bytes, so that two chunks with their heads fill one page of the state.
    public static let limit = 120

    /// The record of a posting.
    @inlinable
    public static func record(_ chunk: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: index &* stride, as: UInt64.self))
    }

    /// The sketch of a posting.
    @inlinable
    public static func sketch(_ chunk: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: index &* stride &+ 8, as: UInt64.self))
    }

    /// Postings of a chunk.
    @inlinable
    public static func count(_ chunk: UnsafeRawBufferPointer) -> Int { chunk.count / stride }
}

/// A posting in memory.
public struct Posting: Equatable, Sendable {
    /// The record.
    public var record: UInt64
    /// The record's sketch.
    public var sketch: UInt64

    /// Makes a posting.
    @inlinable
    public init(record: UInt64, sketch: UInt64) {
        self.record = record
        self.sketch = sketch
    }
}

/// Merges posting changes into the postings of a chunk, both in the order of records.
///
/// - Returns: how many postings more there are afterwards; negative where they are fewer.
func merge(
    _ changes: ArraySlice<PostingChange>,
    into chunk: UnsafeRawBufferPointer,
    _ merged: inout [Posting]
) -> Int {
    merged.removeAll(keepingCapacity: true)
    let count = PostingChunk.count(chunk)
    var index = 0
    for change in changes {
        while index < count, PostingChunk.record(chunk, index) < change.record {
            merged.append(
                Posting(record: PostingChunk.record(chunk, index), sketch: PostingChunk.sketch(chunk, index))
            )
            index += 1
        }
        if index < count, PostingChunk.record(chunk, index) == change.record { index += 1 }
        if !change.isRemoved { merged.append(Posting(record: change.record, sketch: change.sketch)) }
    }
    while index < count {
        merged.append(Posting(record: PostingChunk.record(chunk, index), sketch: PostingChunk.sketch(chunk, index)))
        index += 1
    }
    return merged.count - count
}
