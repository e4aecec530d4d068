import Bytes

/// A run of consecutive frames in one file, whose name and head say the number of its first frame.
///
///     0  4  "TSLG"
///     4  4  format version
///     8  8  number of the first frame
///    16  4  salt of the frames' checksums
///    20  4  CRC-32C of bytes 0 to 19
///    24  8  zero
///
/// The salt differs from segment to segment, so that neither what a reused file held before nor bytes that a record
/// carries can be taken for a frame.
struct LogSegment {
    static let headLength = 32
    static let version: UInt32 = 1
    private static let magic: UInt32 = 0x474C_5354
    private static let prefix = "log-"

    let first: UInt64
    let salt: UInt32

    var name: String { LogSegment.prefix + first.hexadecimal }

    /// The first frame's number that a file's name says, or `nil` where the file is no segment.
    static func first(ofName name: String) -> UInt64? {
        guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + 16 else { return nil }
        return UInt64(name.dropFirst(prefix.count), radix: 16)
    }

    init(first: UInt64, salt: UInt32) {
        self.first = first
        self.salt = salt
    }

    /// The head's bytes.
    var head: [UInt8] {
        var writer = ByteWriter(capacity: LogSegment.headLength)
        writer.write(LogSegment.magic)
        writer.write(LogSegment.version)
        writer.write(first)
        writer.write(salt)
        writer.write(CRC32C.checksum(writer.bytes))
        writer.write(UInt64(0))
        return writer.bytes
    }

    /// Reads a head.
    ///
    /// - Returns: `nil` where the bytes are no head.
    /// - Throws: `StoreError.unknownFormat`.
    init?(_ bytes: UnsafeRawBufferPointer, name: String) throws(StoreError) {
        guard bytes.count >= LogSegment.headLength else { return nil }
        func number<T: FixedWidthInteger>(_ at: Int, _ type: T.Type = T.self) -> T {
            T(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: T.self))
        }
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<20]))
        guard number(0) == LogSegment.magic, number(20) == checksum else { return nil }
        let version: UInt32 = number(4)
        guard version == LogSegment.version else {
            throw .unknownFormat(file: name, found: version, known: LogSegment.version)
        }
        first = number(8)
        salt = number(16)
    }
}
