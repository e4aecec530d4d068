/// Appends fixed-width little-endian values and length-prefixed bytes to one growing buffer.
public struct ByteWriter: Sendable {
    /// Everything written so far.
    public var bytes: [UInt8]

    /// Starts an empty writer.
    ///
    /// - Parameter capacity: bytes to reserve.
    public init(capacity: Int = 64) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Number of bytes written so far.
    @inlinable public var count: Int { bytes.count }

    /// Appends an integer, least significant byte first.
    @inlinable
    public mutating func write<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes as they are, without a length.
    @inlinable
    public mutating func write(raw: some Collection<UInt8>) {
        bytes.append(contentsOf: raw)
    }

    /// Appends an unsigned integer in base 128, low group first (1 to 10 bytes).
    @inlinable
    public mutating func write(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a varint length and then the bytes.
    @inlinable
    public mutating func write(prefixed value: some Collection<UInt8>) {
        write(varint: UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Appends a varint length and then the UTF-8 of a string.
    @inlinable
    public mutating func write(string value: String) {
        write(prefixed: value.utf8)
    }

    /// Overwrites four bytes written earlier, as a length that is known only now.
    ///
    /// - Parameters:
    ///   - value: the new value.
    ///   - offset: where the four bytes start; they must have been written.
    @inlinable
    public mutating func patch(_ value: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset + 4 <= bytes.count, "patch outside what was written")
        for index in 0..<4 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value &>> UInt32(8 * index))
        }
    }
}
