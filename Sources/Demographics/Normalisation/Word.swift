/// A short folded text kept inside the value: up to 31 bytes, no heap, compared as four integers.
///
/// Normal forms are made of words so that normalising, comparing and hashing a record allocates little. What is
/// longer than `capacity` is cut: both sides of a comparison are cut alike.
public struct Word: Hashable, Sendable {
    /// Most bytes kept.
    public static let capacity = 31

    @usableFromInline var storage: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The empty word.
    @inlinable
    public init() {}

    /// Keeps the first `capacity` bytes of a sequence.
    @inlinable
    public init(_ bytes: some Swift.Sequence<UInt8>) {
        for byte in bytes { append(byte) }
    }

    /// Keeps the first `capacity` bytes of a buffer.
    @inlinable
    public init(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        let count = min(bytes.count, Word.capacity)
        withUnsafeMutableBytes(of: &storage) { words in
            if let words = words.baseAddress { words.copyMemory(from: base, byteCount: count) }
        }
        storage = (
            UInt64(littleEndian: storage.0), UInt64(littleEndian: storage.1), UInt64(littleEndian: storage.2),
            UInt64(littleEndian: storage.3) | UInt64(count) &<< 56
        )
    }

    /// Number of bytes.
    @inlinable public var count: Int { Int(storage.3 &>> 56) }

    /// True where nothing is known.
    @inlinable public var isEmpty: Bool { storage.3 &>> 56 == 0 }

    /// The byte at a position; 0 outside.
    @inlinable
    public subscript(index: Int) -> UInt8 {
        guard index >= 0, index < count else { return 0 }
        let shift = UInt64(index & 7) &* 8
        switch index &>> 3 {
        case 0: return UInt8(truncatingIfNeeded: storage.0 &>> shift)
        case 1: return UInt8(truncatingIfNeeded: storage.1 &>> shift)
        case 2: return UInt8(truncatingIfNeeded: storage.2 &>> shift)
        default: return UInt8(truncatingIfNeeded: storage.3 &>> shift)
        }
    }

    /// Appends a byte; what exceeds the capacity is dropped.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        let index = count
        guard index < Word.capacity else { return }
        let value = UInt64(byte) &<< (UInt64(index & 7) &* 8)
        switch index &>> 3 {
        case 0: storage.0 |= value
        case 1: storage.1 |= value
        case 2: storage.2 |= value
        default: storage.3 |= value
        }
        storage.3 &+= 1 &<< 56
    }

    /// Appends another word.
    @inlinable
    public mutating func append(_ other: Word) {
        for index in 0..<other.count { append(other[index]) }
    }

    /// The bytes as an array; for tests, explanations and encoding.
    public var bytes: [UInt8] { withBytes { [UInt8]($0) } }

    /// Lends the bytes.
    @inlinable
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // The count sits in the last byte of a little-endian machine's layout, after the text.
        let words = (storage.0.littleEndian, storage.1.littleEndian, storage.2.littleEndian, storage.3.littleEndian)
        return withUnsafeBytes(of: words) { body(UnsafeRawBufferPointer(rebasing: $0[0..<count])) }
    }

    /// A 64-bit hash of the bytes, the same on every machine.
    @inlinable public var hash: UInt64 {
        var state = Word.mix(storage.0 ^ 0x9E37_79B9_7F4A_7C15)
        state = Word.mix(state ^ storage.1)
        state = Word.mix(state ^ storage.2)
        return Word.mix(state ^ storage.3)
    }

    /// The finaliser of MurmurHash3 (Appleby), a bijection.
    @inlinable
    static func mix(_ value: UInt64) -> UInt64 {
        var state = value
        state ^= state &>> 33
        state = state &* 0xFF51_AFD7_ED55_8CCD
        state ^= state &>> 33
        state = state &* 0xC4CE_B9FE_1A85_EC53
        state ^= state &>> 33
        return state
    }

    /// True where every byte is an ASCII digit and there is at least one.
    public var isNumber: Bool {
        guard !isEmpty else { return false }
        for index in 0..<count where !(0x30...0x39).contains(self[index]) { return false }
        return true
    }

    /// True where some byte is an ASCII digit.
    public var hasDigit: Bool {
        for index in 0..<count where (0x30...0x39).contains(self[index]) { return true }
        return false
    }

    /// Equal bytes.
    @inlinable
    public static func == (left: Word, right: Word) -> Bool {
        left.storage == right.storage
    }

    /// Feeds the bytes to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(storage.0)
        hasher.combine(storage.1)
        hasher.combine(storage.2)
        hasher.combine(storage.3)
    }
}

extension Word: ExpressibleByStringLiteral {
    /// A word from a literal, cut at the capacity.
    public init(stringLiteral value: String) { self.init(value.utf8) }
}

extension Word: CustomStringConvertible {
    /// The text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
