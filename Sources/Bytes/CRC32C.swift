internal import CChecksum

/// CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4), the checksum of every stored frame and message.
///
/// By the processor's instruction where it has one, three parts of a buffer side by side (Gopal et al. 2011), about 6
/// bytes a cycle; else slicing by eight over tables, about 1.5 bytes a cycle.
public enum CRC32C {
    private static let hasInstruction = crc32c_has_instruction() != 0

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

    /// What each value of each byte of the register becomes after `CRC32C_PART` zeros.
    private static let zeros: [UInt32] = {
        var zeros = [UInt32](repeating: 0, count: 4 * 256)
        for place in zeros.indices {
            var value = UInt32(place & 0xFF) << UInt32(8 * (place >> 8))
            for _ in 0..<CRC32C_PART { value = (value >> 8) ^ tables[Int(value & 0xFF)] }
            zeros[place] = value
        }
        return zeros
    }()

    /// Checksums a buffer.
    ///
    /// - Parameters:
    ///   - bytes: what is checked.
    ///   - previous: the checksum of what came before, to continue it.
    /// - Returns: the checksum.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        guard hasInstruction else { return checksumByTable(bytes, continuing: previous) }
        let start = bytes.bindMemory(to: UInt8.self).baseAddress
        return ~crc32c_update(~previous, start, bytes.count, zeros)
    }

    /// Checksums a buffer without the instruction.
    static func checksumByTable(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
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
