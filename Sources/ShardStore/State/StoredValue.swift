internal import Identifiers
internal import ShardProtocol

/// How values stand in a run's file: a head that repeats the key, so that a value that was found by its offset can be
/// told from another, and gives the length.
enum StoredValue {
    /// In place of the length of a row that was removed.
    private static let removed = UInt32.max

    /// What stands under a key.
    enum Row {
        /// The row's value.
        case value(UnsafeRawBufferPointer)
        /// The row was removed.
        case removed
    }

    // MARK: Rows: key, length, bytes

    static func rowBytes(_ table: StateTable, _ value: UnsafeRawBufferPointer?) -> Int {
        keyLength(table) + 4 + (value?.count ?? 0)
    }

    static func writeRow(
        _ key: UnsafeRawBufferPointer,
        _ value: UnsafeRawBufferPointer?,
        to place: UnsafeMutableRawBufferPointer
    ) {
        place.copyMemory(from: key)
        let length = value.map { UInt32($0.count) } ?? removed
        place.storeBytes(of: length.littleEndian, toByteOffset: key.count, as: UInt32.self)
        guard let value else { return }
        UnsafeMutableRawBufferPointer(rebasing: place[(key.count + 4)...]).copyMemory(from: value)
    }

    /// Writes a row and seals its value, bound to its table and its key.
    static func writeRow(
        _ table: StateTable,
        _ key: UnsafeRawBufferPointer,
        sealing value: UnsafeRawBufferPointer,
        _ sealer: Sealer,
        to place: UnsafeMutableRawBufferPointer
    ) {
        place.copyMemory(from: key)
        let length = UInt32(value.count + SealedBytes.overhead)
        place.storeBytes(of: length.littleEndian, toByteOffset: key.count, as: UInt32.self)
        let rest = UnsafeMutableRawBufferPointer(rebasing: place[(key.count + 4)...])
        sealer.seal(value, .row(table), bound: key, into: rest)
    }

    /// The row that stands at a place of some bytes, or `nil` where they are too short for what they say.
    static func row(_ table: StateTable, _ bytes: UnsafeRawBufferPointer, at offset: Int = 0) -> Row? {
        guard offset >= 0, offset <= bytes.count - keyLength(table) - 4 else { return nil }
        let head = offset + keyLength(table) + 4
        let length = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: head - 4, as: UInt32.self))
        if length == removed { return .removed }
        guard bytes.count - head >= Int(length) else { return nil }
        return .value(UnsafeRawBufferPointer(rebasing: bytes[head..<(head + Int(length))]))
    }

    static func keyLength(_ table: StateTable) -> Int { table.hasSubkey ? 16 : 8 }

    // MARK: Chunks of postings: blocking key, number, postings

    static let chunkHead = 12

    static func writeChunk(_ key: UInt64, _ postings: ArraySlice<Posting>, to place: UnsafeMutableRawBufferPointer) {
        place.storeBytes(of: key.bigEndian, as: UInt64.self)
        place.storeBytes(of: UInt32(postings.count).littleEndian, toByteOffset: 8, as: UInt32.self)
        var offset = chunkHead
        for posting in postings {
            place.storeBytes(of: posting.record.littleEndian, toByteOffset: offset, as: UInt64.self)
            place.storeBytes(of: posting.sketch.littleEndian, toByteOffset: offset + 8, as: SketchBits.self)
            offset += PostingChunk.stride
        }
    }

    /// The postings that stand at a place of some bytes, or `nil` where they are too short for what they say.
    static func chunk(_ bytes: UnsafeRawBufferPointer, at offset: Int = 0) -> UnsafeRawBufferPointer? {
        guard offset >= 0, offset <= bytes.count - chunkHead else { return nil }
        let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt32.self)))
        let start = offset + chunkHead
        let end = start + count * PostingChunk.stride
        guard count > 0, bytes.count >= end else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
