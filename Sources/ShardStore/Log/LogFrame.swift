import Bytes
internal import Glibc
internal import Identifiers

/// One entry as it lies in a segment, borrowed from the bytes that hold it.
///
///     0  4  "TSLF"
///     4  4  CRC-32C of everything from byte 8 to the payload's end, begun with the segment's salt
///     8  4  payload length in bytes
///    12  1  kind
///    13  1  version of the frame: 2, or 3 where the payload is sealed (`SealedBytes`)
///    14  2  zero
///    16  8  number: frames are counted through all segments, from 1
///    24  8  settled: the highest number that was durable when this frame was written
///    32  8  epoch
///    40  8  number of the commit message in its epoch, 0 for other kinds
///    48  8  sequence
///    56     payload, then zeros up to a multiple of 8
///
/// `settled` tells a torn tail, which is what a crash leaves, from damage: a bad frame whose number some later frame
/// calls settled was durable once.
struct LogFrame {
    static let headLength = 56
    static let version: UInt8 = 2
    /// The version of frames whose payload is sealed, bound to the salt and to bytes 12 to 55 of the head.
    static let sealedVersion: UInt8 = 3
    static let alignment = 8
    private static let magic: UInt32 = 0x464C_5354

    /// How a frame could not be read.
    enum Failure: Error, Equatable {
        /// The bytes are no frame, or a torn one.
        case notAFrame
        /// A frame of another version; its checksum fits.
        case unknownVersion(UInt8)
    }

    let kind: LogEntry.Kind
    let number: UInt64
    let settled: UInt64
    let epoch: Epoch
    let message: UInt64
    let through: Sequence
    let isSealed: Bool
    /// The payload as it is stored, or what was opened.
    var payload: UnsafeRawBufferPointer

    /// Bytes that a frame with such a payload takes in a segment.
    static func length(payload: Int) -> Int {
        (headLength + payload + alignment - 1) / alignment * alignment
    }

    /// Bytes that this frame takes.
    var length: Int { LogFrame.length(payload: payload.count) }

    /// Appends an entry as a frame.
    static func write(
        _ entry: LogEntry,
        number: UInt64,
        settled: UInt64,
        salt: UInt32,
        sealer: Sealer? = nil,
        into writer: inout ByteWriter
    ) {
        let start = writer.count
        writer.write(magic)
        writer.write(UInt32(0))
        writer.write(UInt32(entry.payload.count + (sealer == nil ? 0 : SealedBytes.overhead)))
        writer.write(entry.kind.rawValue)
        writer.write(sealer == nil ? version : sealedVersion)
        writer.write(UInt16(0))
        writer.write(number)
        writer.write(settled)
        writer.write(entry.epoch.rawValue)
        writer.write(entry.message)
        writer.write(entry.through.rawValue)
        if let sealer {
            seal(entry.payload, head: start, salt, sealer, into: &writer)
        } else {
            writer.write(raw: entry.payload)
        }
        let checksum = writer.bytes.withUnsafeBytes {
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[(start + 8)...]), continuing: salt)
        }
        writer.patch(checksum, at: start + 4)
        while writer.count % alignment != 0 { writer.write(UInt8(0)) }
    }

    private static func seal(
        _ payload: [UInt8],
        head start: Int,
        _ salt: UInt32,
        _ sealer: Sealer,
        into writer: inout ByteWriter
    ) {
        let bound = [UInt8](bytesOf: salt.littleEndian) + writer.bytes[(start + 12)..<(start + headLength)]
        writer.bytes.append(contentsOf: repeatElement(0, count: payload.count + SealedBytes.overhead))
        writer.bytes.withUnsafeMutableBytes { all in
            let place = UnsafeMutableRawBufferPointer(rebasing: all[(start + headLength)...])
            payload.withBytes { payload in
                bound.withBytes { bound in sealer.seal(payload, .frame, bound: bound, into: place) }
            }
        }
    }

    /// Opens the payload where it lies; false where it is not what was sealed.
    ///
    /// - Throws: `StoreError.keys`.
    mutating func open(
        _ bytes: UnsafeMutableRawBufferPointer,
        at offset: Int,
        salt: UInt32,
        _ opener: Opener
    ) throws(StoreError) -> Bool {
        let head = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[(offset + 12)..<(offset + 56)])
        let bound = [UInt8](bytesOf: salt.littleEndian) + head
        guard payload.count >= SealedBytes.overhead else { return false }
        let start = offset + LogFrame.headLength + SealedBytes.headLength
        let count = payload.count - SealedBytes.overhead
        let place = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + count)])
        let sealed = payload
        let isSound = try bound.withBytes { bound throws(StoreError) in
            try opener.open(sealed, .frame, bound: bound, into: place)
        }
        payload = UnsafeRawBufferPointer(place)
        return isSound
    }

    /// Whether the head of a frame with a number stands at an offset, whole or not.
    static func isBegun(_ bytes: UnsafeRawBufferPointer, at offset: Int, number: UInt64) -> Bool {
        guard offset + headLength <= bytes.count else { return false }
        let found = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        let foundNumber = bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)
        return UInt32(littleEndian: found) == magic && UInt64(littleEndian: foundNumber) == number
    }

    /// The next place, at or after an aligned offset, where a frame may start.
    static func nextCandidate(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let first = Int32(magic & 0xFF)
        var offset = start
        while offset + headLength <= bytes.count {
            guard let found = memchr(base + offset, first, bytes.count - offset) else { return nil }
            offset = UnsafeRawPointer(found) - base
            if offset % alignment == 0 { return offset }
            offset += 1
        }
        return nil
    }

    /// Reads the frame that starts at an offset.
    ///
    /// - Throws: `Failure`.
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int, salt: UInt32) throws(Failure) {
        guard offset + LogFrame.headLength <= bytes.count else { throw .notAFrame }
        func number<T: FixedWidthInteger>(_ at: Int, _ type: T.Type = T.self) -> T {
            T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + at, as: T.self))
        }
        guard number(0) == LogFrame.magic else { throw .notAFrame }
        let count = Int(number(8, UInt32.self))
        guard count <= bytes.count - offset - LogFrame.headLength else { throw .notAFrame }
        let end = offset + LogFrame.headLength + count
        let checked = UnsafeRawBufferPointer(rebasing: bytes[(offset + 8)..<end])
        guard CRC32C.checksum(checked, continuing: salt) == number(4) else { throw .notAFrame }
        let version: UInt8 = number(13)
        guard version == LogFrame.version || version == LogFrame.sealedVersion,
            let kind = LogEntry.Kind(rawValue: number(12))
        else {
            throw .unknownVersion(version)
        }
        isSealed = version == LogFrame.sealedVersion
        self.kind = kind
        self.number = number(16)
        settled = number(24)
        epoch = Epoch(number(32))
        message = number(40)
        through = Sequence(number(48))
        payload = UnsafeRawBufferPointer(rebasing: bytes[(offset + LogFrame.headLength)..<end])
    }
}
