/// A piece of the scanned text by position: nothing is copied until somebody asks for a `String`.
///
/// For a string the slice lies between the quotes; for any other value it covers the whole value.
public struct JSONSlice: Sendable, Hashable {
    /// Byte offset of the first byte, counted from the start of the scanned text.
    public let offset: Int
    /// Length in bytes, escapes counted as written.
    public let length: Int
    /// Whether a string holds `\` escapes, so that its text differs from its bytes.
    public let hasEscapes: Bool

    /// A slice of the scanned text.
    public init(offset: Int, length: Int, hasEscapes: Bool = false) {
        precondition(offset >= 0 && length >= 0, "a slice lies within its text")
        self.offset = offset
        self.length = length
        self.hasEscapes = hasEscapes
    }

    /// The byte range that the slice covers.
    public var range: Range<Int> { offset..<(offset + length) }
}
