public import Bytes
public import Identifiers

/// One change to a shard's rows or postings, borrowed from the message that carries it.
public enum StoreOperation {
    /// Writes a row, replacing what was there.
    case put(StoreTable, StoreKey, UnsafeRawBufferPointer)
    /// Removes a row; nothing happens where there is none.
    case delete(StoreTable, StoreKey)
    /// Puts a record into a block, replacing its earlier posting there.
    case post(key: UInt64, sketch: SketchBits, record: RecordID)
    /// Takes a record out of a block; nothing happens where it is not there.
    case unpost(key: UInt64, record: RecordID)
}

/// Writes operations one after another, in the form that messages and log frames share.
public struct OperationWriter: Sendable {
    /// Largest value of one row, in bytes: an intent that holds a whole batch of documents and components.
    public static let valueLimit = 48 << 20

    private var writer: ByteWriter
    /// How many operations were written.
    public private(set) var count = 0

    /// Starts without operations.
    public init(capacity: Int = 4_096) { writer = ByteWriter(capacity: capacity) }

    /// The operations as bytes.
    public var bytes: [UInt8] { writer.bytes }

    /// Adds a row to be written.
    public mutating func put(_ table: StoreTable, _ key: StoreKey, _ value: some Collection<UInt8>) {
        precondition(value.count <= OperationWriter.valueLimit, "row over the limit")
        head(1, table, key)
        writer.write(prefixed: value)
    }

    /// Adds a row to be removed.
    public mutating func delete(_ table: StoreTable, _ key: StoreKey) {
        head(2, table, key)
    }

    /// Adds a posting.
    public mutating func post(key: UInt64, sketch: SketchBits, record: RecordID) {
        writer.write(UInt8(3))
        writer.write(key)
        sketch.write(into: &writer)
        writer.write(record.rawValue)
        count += 1
    }

    /// Removes a posting.
    public mutating func unpost(key: UInt64, record: RecordID) {
        writer.write(UInt8(4))
        writer.write(key)
        writer.write(record.rawValue)
        count += 1
    }

    /// Appends operations that were written elsewhere.
    public mutating func append(_ other: OperationWriter) {
        writer.write(raw: other.writer.bytes)
        count += other.count
    }

    private mutating func head(_ kind: UInt8, _ table: StoreTable, _ key: StoreKey) {
        writer.write(kind)
        writer.write(table.rawValue)
        writer.write(key.hash)
        if table.hasSubkey { writer.write(key.sub) }
        count += 1
    }
}

/// Walks through operations without copying them.
public struct OperationReader {
    private var reader: ByteReader

    /// Starts at the first operation; use it only while the buffer lives.
    public init(_ bytes: UnsafeRawBufferPointer) { reader = ByteReader(bytes) }

    /// The next operation, or `nil` after the last.
    ///
    /// - Throws: `ByteError` where the bytes are not operations.
    public mutating func next() throws(ByteError) -> StoreOperation? {
        guard reader.remaining > 0 else { return nil }
        let start = reader.offset
        let kind: UInt8 = try reader.read()
        switch kind {
        case 1, 2:
            let code: UInt8 = try reader.read()
            guard let table = StoreTable(rawValue: code) else {
                throw .tooLarge(at: start, value: UInt64(code), limit: UInt64(StoreTable.allCases.count))
            }
            var key = StoreKey(try reader.read())
            if table.hasSubkey { key.sub = try reader.read() }
            guard kind == 1 else { return .delete(table, key) }
            return .put(table, key, try reader.readPrefixed(limit: OperationWriter.valueLimit))
        case 3:
            return .post(
                key: try reader.read(),
                sketch: try SketchBits(from: &reader),
                record: RecordID(try reader.read())
            )
        case 4:
            return .unpost(key: try reader.read(), record: RecordID(try reader.read()))
        default:
            throw .tooLarge(at: start, value: UInt64(kind), limit: 4)
        }
    }
}
