import Bytes

/// Asks for single rows by key.
public struct ReadRequest: Sendable, Equatable {
    /// Most rows of one request.
    public static let rowLimit = 65_536

    /// One row that is wanted.
    public struct Address: Sendable, Hashable {
        /// The table.
        public var table: StoreTable
        /// The row's key.
        public var key: StoreKey

        /// Makes an address.
        public init(_ table: StoreTable, _ key: StoreKey) {
            self.table = table
            self.key = key
        }

        /// One multiplication in place of the general hash: the key is one already.
        public func _rawHashValue(seed: Int) -> Int {
            HashedKey.spread(key.hash ^ key.sub &* 3 ^ UInt64(table.rawValue), seed: seed)
        }
    }

    /// The rows, answered in this order.
    public var rows: [Address]

    /// Makes a request.
    public init(rows: [Address]) { self.rows = rows }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(rows.count))
        for row in rows {
            writer.write(row.table.rawValue)
            writer.write(row.key.hash)
            if row.table.hasSubkey { writer.write(row.key.sub) }
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: ReadRequest.rowLimit)
        rows = []
        rows.reserveCapacity(count)
        for _ in 0..<count {
            let table = try StoreTable(from: &reader)
            var key = StoreKey(try reader.read())
            if table.hasSubkey { key.sub = try reader.read() }
            rows.append(Address(table, key))
        }
    }
}

/// The rows asked for, in order; `nil` where there is none.
public struct ReadAnswer: Sendable, Equatable {
    /// One value a row.
    public var values: [[UInt8]?]

    /// Makes an answer.
    public init(values: [[UInt8]?]) { self.values = values }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(values.count))
        for value in values {
            writer.write(varint: value.map { UInt64($0.count) + 1 } ?? 0)
            if let value { writer.write(raw: value) }
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: ReadRequest.rowLimit)
        values = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let length = try reader.readCount(limit: OperationWriter.valueLimit + 1)
            values.append(length == 0 ? nil : [UInt8](try reader.readRaw(length - 1)))
        }
    }
}

extension StoreTable {
    init(from reader: inout ByteReader) throws(ByteError) {
        let at = reader.offset
        let code: UInt8 = try reader.read()
        guard let table = StoreTable(rawValue: code) else {
            throw .tooLarge(at: at, value: UInt64(code), limit: UInt64(StoreTable.allCases.count))
        }
        self = table
    }
}
