public import Identifiers

/// Postings as they are stored: runs of 32 bytes, record then sketch, little-endian, in the order of records.
///
/// The first chunk of a block stands under its key, every further one under the key followed by its smallest record.
public enum PostingChunk {
    /// Bytes of a posting.
    public static let stride = 32
    /// Most postings of a chunk: 1,920 bytes, so that two chunks with their heads fill one page of the state.
    public static let limit = 60

    /// The record of a posting.
    @inlinable
    public static func record(_ chunk: UnsafeRawBufferPointer, _ index: Int) -> UInt64 {
        UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: index &* stride, as: UInt64.self))
    }

    /// The sketch of a posting.
    @inlinable
    public static func sketch(_ chunk: UnsafeRawBufferPointer, _ index: Int) -> SketchBits {
        chunk.loadUnaligned(fromByteOffset: index &* stride &+ 8, as: SketchBits.self).littleEndian
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
    public var sketch: SketchBits

    /// Makes a posting.
    @inlinable
    public init(record: UInt64, sketch: SketchBits) {
        self.record = record
        self.sketch = sketch
    }
}
