/// CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4), the checksum of every stored frame and message.
///
/// Slicing by eight over tables computed once: about 1.5 bytes a cycle without special instructions.
public enum CRC32C {
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 {
                value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1
            }
            tables[index] = value
        }
        for index in 0..<256 {
            for slice in 1..<8 {
                let previous = tables[(slice - 1) * 256 + index]
                tables[slice * 256 + index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
            }
        }
        return tables
    }()

    /// Checksums a buffer.
    ///
    /// - Parameters:
    ///   - bytes: what is checked.
    ///   - previous: the checksum of what came before, to continue it.
    /// - Returns: the checksum.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        var crc = ~previous
        tables.withUnsafeBufferPointer { table in
            var offset = 0
            let count = bytes.count
            while offset + 8 <= count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ UInt64(crc)
                crc =
                    table[1792 &+ Int(word & 0xFF)] ^ table[1536 &+ Int((word &>> 8) & 0xFF)]
                    ^ table[1280 &+ Int((word &>> 16) & 0xFF)] ^ table[1024 &+ Int((word &>> 24) & 0xFF)]
                    ^ table[768 &+ Int((word &>> 32) & 0xFF)] ^ table[512 &+ Int((word &>> 40) & 0xFF)]
                    ^ table[256 &+ Int((word &>> 48) & 0xFF)] ^ table[Int(word &>> 56)]
                offset &+= 8
            }
            while offset < count {
                crc = (crc &>> 8) ^ table[Int((crc ^ UInt32(bytes[offset])) & 0xFF)]
                offset &+= 1
            }
        }
        return ~crc
    }

    /// Checksums an array.
    public static func checksum(_ bytes: [UInt8], continuing previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0, continuing: previous) }
    }
}
