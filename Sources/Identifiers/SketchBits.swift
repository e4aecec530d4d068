/// A record's condensed form as postings carry it: three words whose meaning is known to who scores.
public struct SketchBits: Sendable, Hashable, BitwiseCopyable {
    /// The words in the order in which they are written.
    public var words: (first: UInt64, second: UInt64, third: UInt64) {
        @inlinable get { (first, second, third) }
    }
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64
    @usableFromInline let third: UInt64

    /// Puts words together.
    @inlinable
    public init(_ first: UInt64, _ second: UInt64 = 0, _ third: UInt64 = 0) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// The same with the bytes of each word in little-endian order, as it is stored.
    @inlinable public var littleEndian: SketchBits {
        SketchBits(first.littleEndian, second.littleEndian, third.littleEndian)
    }
}
