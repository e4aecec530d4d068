/// What was wrong with bytes that came from outside.
public enum ByteError: Error, Equatable, Sendable {
    /// Fewer bytes are left than the value needs.
    case truncated(at: Int, needed: Int)
    /// A length or count is larger than its limit.
    case tooLarge(at: Int, value: UInt64, limit: UInt64)
    /// A varint runs on past ten bytes.
    case badVarint(at: Int)
    /// Bytes that should be UTF-8 are not.
    case badUTF8(at: Int)
    /// Bytes are left over after the last value.
    case trailing(at: Int)
}

/// Reads what `ByteWriter` wrote; never reads outside its bytes and never traps on their content.
///
/// The reader borrows memory: use it only inside the closure that lent the buffer.
public struct ByteReader {
    /// The bytes being read.
    public let base: UnsafeRawBufferPointer
    /// Offset of the next byte.
    @inlinable public var offset: Int { next }
    @usableFromInline var next: Int

    /// Starts at the first byte of a buffer.
    @inlinable
    public init(_ base: UnsafeRawBufferPointer) {
        self.init(base, offset: 0)
    }

    @usableFromInline
    init(_ base: UnsafeRawBufferPointer, offset: Int) {
        self.base = base
        next = offset
    }

    /// Number of bytes not yet read.
    @inlinable public var remaining: Int { base.count - offset }

    /// Reads a little-endian integer.
    ///
    /// - Throws: `ByteError.truncated`.
    @inlinable
    public mutating func read<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(ByteError) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw .truncated(at: offset, needed: size) }
        defer { next += size }
        return T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// Reads a base-128 unsigned integer.
    ///
    /// - Throws: `ByteError.truncated`, `ByteError.badVarint`.
    @inlinable
    public mutating func readVarint() throws(ByteError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        let start = offset
        while true {
            guard offset < base.count else { throw .truncated(at: offset, needed: 1) }
            let byte = base[offset]
            next += 1
            guard shift < 63 || byte <= 1 else { throw .badVarint(at: start) }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Reads a count that must not exceed a limit.
    ///
    /// - Throws: `ByteError.tooLarge` and whatever `readVarint` throws.
    @inlinable
    public mutating func readCount(limit: Int) throws(ByteError) -> Int {
        let start = offset
        let value = try readVarint()
        guard value <= UInt64(limit) else { throw .tooLarge(at: start, value: value, limit: UInt64(limit)) }
        return Int(value)
    }

    /// Lends the next `count` bytes.
    ///
    /// - Throws: `ByteError.truncated`.
    @inlinable
    public mutating func readRaw(_ count: Int) throws(ByteError) -> UnsafeRawBufferPointer {
        guard count >= 0, remaining >= count else { throw .truncated(at: offset, needed: count) }
        defer { next += count }
        return UnsafeRawBufferPointer(rebasing: base[offset..<(offset + count)])
    }

    /// Lends a varint-prefixed run of bytes.
    ///
    /// - Throws: `ByteError.tooLarge`, `ByteError.truncated`, `ByteError.badVarint`.
    public mutating func readPrefixed(limit: Int) throws(ByteError) -> UnsafeRawBufferPointer {
        try readRaw(try readCount(limit: limit))
    }

    /// Copies a varint-prefixed run of bytes.
    ///
    /// - Throws: as `readPrefixed`.
    public mutating func readBytes(limit: Int) throws(ByteError) -> [UInt8] {
        [UInt8](try readPrefixed(limit: limit))
    }

    /// Reads a varint-prefixed UTF-8 string.
    ///
    /// - Throws: `ByteError.badUTF8` and whatever `readPrefixed` throws.
    public mutating func readString(limit: Int) throws(ByteError) -> String {
        let start = offset
        let raw = try readPrefixed(limit: limit)
        guard let string = String(validating: raw, as: UTF8.self) else { throw .badUTF8(at: start) }
        return string
    }

    /// Insists that nothing is left.
    ///
    /// - Throws: `ByteError.trailing`.
    @inlinable
    public func finish() throws(ByteError) {
        guard remaining == 0 else { throw .trailing(at: offset) }
    }
}
