internal import Bytes
internal import Coordinator
internal import Identifiers

/// How the files of a backup are laid out, version 1.
///
///     head    0  4  "TSRB"        4  2  version       6  2  0       8  8  number of the file, from 1
///     frame   0  4  CRC-32C of what follows it in the frame
///             4  4  length of the content
///             8  1  kind          9  8  first sequence           17  8  last sequence
///            25     content
enum BackupFile {
    static let version: UInt16 = 1
    static let headLength = 16
    static let frameHeadLength = 25
    /// Largest content: a batch that fits an intent, with what its coding adds.
    static let contentLimit = 128 << 20
    private static let magic: UInt32 = 0x4252_5354

    static func head(number: Int) -> [UInt8] {
        var writer = ByteWriter(capacity: headLength)
        writer.write(magic)
        writer.write(version)
        writer.write(UInt16(0))
        writer.write(UInt64(number))
        return writer.bytes
    }

    static func encode(_ frame: BackupFrame) -> [UInt8] {
        var writer = ByteWriter(capacity: frame.content.count + frameHeadLength)
        writer.write(UInt32(0))
        writer.write(UInt32(frame.content.count))
        writer.write(frame.kind.rawValue)
        writer.write(frame.first.rawValue)
        writer.write(frame.last.rawValue)
        writer.write(raw: frame.content)
        let checksum = writer.bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[4...])) }
        writer.patch(checksum, at: 0)
        return writer.bytes
    }

    /// Checks the head of a file.
    ///
    /// - Throws: `BackupFault` with what is wrong.
    static func check(_ bytes: UnsafeRawBufferPointer, number: Int) throws(BackupFault) {
        guard bytes.count >= headLength else { throw BackupFault("ends within its head") }
        guard UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)) == magic else {
            throw BackupFault("is not a file of a backup")
        }
        let found = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
        guard found == version else {
            throw BackupFault("is of version \(found); this program reads version \(version)")
        }
        guard UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) == UInt64(number) else {
            throw BackupFault("has another file's place")
        }
    }

    /// Reads the frame at an offset.
    ///
    /// - Returns: the frame and where the next one begins; `nil` at the end of the file.
    static func frame(
        in bytes: UnsafeRawBufferPointer,
        at offset: Int
    ) throws(BackupFault) -> (frame: BackupFrame, next: Int)? {
        guard offset < bytes.count else { return nil }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        guard rest.count >= frameHeadLength else { throw BackupFault("ends within the frame at \(offset)") }
        let checksum = UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
        let length = Int(UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        let end = frameHeadLength + length
        guard length <= contentLimit, end <= rest.count else {
            throw BackupFault("is damaged at \(offset): a frame there would reach beyond the end")
        }
        guard CRC32C.checksum(UnsafeRawBufferPointer(rebasing: rest[4..<end])) == checksum else {
            throw BackupFault("is damaged in the frame at \(offset)")
        }
        guard let kind = BackupFrame.Kind(rawValue: rest[8]) else {
            throw BackupFault("has a frame of the unknown kind \(rest[8]) at \(offset)")
        }
        let frame = BackupFrame(
            kind,
            first: Sequence(UInt64(littleEndian: rest.loadUnaligned(fromByteOffset: 9, as: UInt64.self))),
            last: Sequence(UInt64(littleEndian: rest.loadUnaligned(fromByteOffset: 17, as: UInt64.self))),
            content: [UInt8](rest[frameHeadLength..<end])
        )
        return (frame, offset + end)
    }
}
