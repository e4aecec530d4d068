import Bytes
import Identifiers

/// Asks for rows of one table in key order, from a position on.
public struct ScanRequest: Sendable, Equatable {
    /// Most rows of one answer.
    public static let rowLimit = 65_536
    /// An answer stops growing past it, in bytes.
    public static let byteLimit = 8 << 20

    /// The table.
    public var table: StoreTable
    /// The smallest key wanted.
    public var from: StoreKey
    /// The largest hash wanted.
    public var through: UInt64
    /// Most rows wanted.
    public var limit: Int

    /// Makes a request.
    public init(table: StoreTable, from: StoreKey, through: UInt64, limit: Int) {
        self.table = table
        self.from = from
        self.through = through
        self.limit = limit
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(table.rawValue)
        from.write(into: &writer)
        writer.write(through)
        writer.write(varint: UInt64(limit))
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        table = try StoreTable(from: &reader)
        from = try StoreKey(from: &reader)
        through = try reader.read()
        limit = try reader.readCount(limit: ScanRequest.rowLimit)
    }
}

/// Rows in key order.
public struct ScanAnswer: Sendable, Equatable {
    /// One row.
    public struct Row: Sendable, Equatable {
        /// Its key.
        public var key: StoreKey
        /// Its value.
        public var value: [UInt8]

        /// Makes a row.
        public init(key: StoreKey, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    /// The rows.
    public var rows: [Row]
    /// Where to go on; `nil` where the range is exhausted.
    public var next: StoreKey?

    /// Makes an answer.
    public init(rows: [Row], next: StoreKey?) {
        self.rows = rows
        self.next = next
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(rows.count))
        for row in rows {
            row.key.write(into: &writer)
            writer.write(prefixed: row.value)
        }
        StoreKey.write(next: next, into: &writer)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: ScanRequest.rowLimit)
        rows = []
        rows.reserveCapacity(count)
        for _ in 0..<count {
            let key = try StoreKey(from: &reader)
            rows.append(Row(key: key, value: try reader.readBytes(limit: OperationWriter.valueLimit)))
        }
        next = try StoreKey.next(from: &reader)
    }
}
