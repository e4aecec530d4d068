import Bytes
public import Identifiers

/// Asks for postings in the order of keys and records, from a position on.
public struct PostingsRequest: Sendable, Equatable {
    /// Most postings of one answer.
    public static let limit = 65_536

    /// The smallest key wanted.
    public var from: UInt64
    /// The smallest record wanted under that key.
    public var record: RecordID
    /// The largest key wanted.
    public var through: UInt64
    /// Most postings wanted.
    public var limit: Int

    /// Makes a request.
    public init(from: UInt64, record: RecordID, through: UInt64, limit: Int) {
        self.from = from
        self.record = record
        self.through = through
        self.limit = limit
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(from)
        writer.write(record.rawValue)
        writer.write(through)
        writer.write(varint: UInt64(limit))
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        from = try reader.read()
        record = RecordID(try reader.read())
        through = try reader.read()
        limit = try reader.readCount(limit: PostingsRequest.limit)
    }
}

/// Postings in the order of keys and records.
public struct PostingsAnswer: Sendable, Equatable {
    /// One record under one blocking key.
    public struct Row: Sendable, Equatable {
        /// The blocking key.
        public var key: UInt64
        /// The record.
        public var record: RecordID
        /// The record's sketch.
        public var sketch: SketchBits

        /// Makes a posting.
        public init(key: UInt64, record: RecordID, sketch: SketchBits) {
            self.key = key
            self.record = record
            self.sketch = sketch
        }

        /// Where it stands in the order, apart from its sketch.
        public var place: StoreKey { StoreKey(key, sub: record.rawValue) }
    }

    /// The postings.
    public var rows: [Row]
    /// Where to go on: key and record; `nil` where the range is exhausted.
    public var next: StoreKey?

    /// Makes an answer.
    public init(rows: [Row], next: StoreKey?) {
        self.rows = rows
        self.next = next
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(rows.count))
        for row in rows {
            writer.write(row.key)
            writer.write(row.record.rawValue)
            row.sketch.write(into: &writer)
        }
        StoreKey.write(next: next, into: &writer)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: PostingsRequest.limit)
        rows = []
        for _ in 0..<count {
            rows.append(
                Row(key: try reader.read(), record: RecordID(try reader.read()), sketch: try SketchBits(from: &reader))
            )
        }
        next = try StoreKey.next(from: &reader)
    }
}
