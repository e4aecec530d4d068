import Bytes
public import Identifiers

/// Asks for the records of blocks in the order of their addresses, a page at a time, unscored.
public struct BlockRequest: Sendable, Equatable {
    /// Most keys of one request.
    public static let keyLimit = 4_096
    /// Most records of one key in an answer.
    public static let recordLimit = 65_536

    /// The keys.
    public var keys: [UInt64]
    /// Only records from this address on are wanted.
    public var from: RecordID
    /// Most records wanted of one key.
    public var limit: Int

    /// Makes a request.
    public init(keys: [UInt64], from: RecordID, limit: Int) {
        self.keys = keys
        self.from = from
        self.limit = limit
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(keys.count))
        for key in keys { writer.write(key) }
        writer.write(from.rawValue)
        writer.write(varint: UInt64(limit))
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: BlockRequest.keyLimit)
        keys = []
        for _ in 0..<count { keys.append(try reader.read()) }
        from = RecordID(try reader.read())
        limit = try reader.readCount(limit: BlockRequest.recordLimit)
    }
}

/// The records of each block that was asked for.
public struct BlockAnswer: Sendable, Equatable {
    /// The records of one key.
    public struct Block: Sendable, Equatable {
        /// In the order of their addresses.
        public var records: [RecordID]
        /// Whether there are more than these.
        public var isCut: Bool

        /// Makes a block.
        public init(records: [RecordID], isCut: Bool) {
            self.records = records
            self.isCut = isCut
        }
    }

    /// One block a key, in the order of the keys.
    public var blocks: [Block]

    /// Makes an answer.
    public init(blocks: [Block]) { self.blocks = blocks }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(blocks.count))
        for block in blocks {
            writer.write(UInt8(block.isCut ? 1 : 0))
            writer.write(varint: UInt64(block.records.count))
            for record in block.records { writer.write(record.rawValue) }
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let count = try reader.readCount(limit: BlockRequest.keyLimit)
        blocks = []
        for _ in 0..<count {
            let flag: UInt8 = try reader.read()
            let records = try reader.readCount(limit: BlockRequest.recordLimit)
            var block = Block(records: [], isCut: flag != 0)
            for _ in 0..<records { block.records.append(RecordID(try reader.read())) }
            blocks.append(block)
        }
    }
}
