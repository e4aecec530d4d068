import Bytes
import Identifiers
import ShardProtocol

/// Row writes as bytes, as they stand in backups, version 1.
///
///     u8 version, then until the end: u8 kind, then for
///     1 put: table u8, hash u64, sub u64, value      2 delete: table u8, hash u64, sub u64
///     3 feature: record u64, row, keys: count, each u64
///     4 drop feature: record u64, keys, kept keys
///     5 post: key u64, sketch, record u64            6 unpost: key u64, record u64
enum RowWriteCoding {
    static let version: UInt8 = 1

    static func encode(_ writes: [RowWrite]) -> [UInt8] {
        var writer = ByteWriter(capacity: writes.count * 128 + 16)
        writer.write(version)
        for write in writes { encode(write, into: &writer) }
        return writer.bytes
    }

    private static func encode(_ write: RowWrite, into writer: inout ByteWriter) {
        switch write {
        case .row(let address, let value):
            writer.write(UInt8(value == nil ? 2 : 1))
            writer.write(address.table.rawValue)
            writer.write(address.key.hash)
            writer.write(address.key.sub)
            if let value { writer.write(prefixed: value) }
        case .feature(let record, let row, let keys):
            writer.write(UInt8(3))
            writer.write(record.rawValue)
            writer.write(prefixed: row)
            encode(keys, into: &writer)
        case .dropFeature(let record, let keys, let keeping):
            writer.write(UInt8(4))
            writer.write(record.rawValue)
            encode(keys, into: &writer)
            encode(keeping, into: &writer)
        case .post(let key, let sketch, let record):
            writer.write(UInt8(5))
            writer.write(key)
            sketch.write(into: &writer)
            writer.write(record.rawValue)
        case .unpost(let key, let record):
            writer.write(UInt8(6))
            writer.write(key)
            writer.write(record.rawValue)
        }
    }

    private static func encode(_ keys: [UInt64], into writer: inout ByteWriter) {
        writer.write(varint: UInt64(keys.count))
        for key in keys { writer.write(key) }
    }

    static func decode(_ bytes: [UInt8]) throws(BackupFault) -> [RowWrite] {
        do throws(RowError) {
            // The table is not told of: a frame holds rows of many.
            return try RowError.decode(bytes, table: .home, format: version) { reader throws(ByteError) in
                var writes: [RowWrite] = []
                while reader.remaining > 0 { writes.append(try decode(from: &reader)) }
                return writes
            }
        } catch .unknownFormat(_, let found) {
            throw BackupFault("rows of version \(found): this program reads version \(version)")
        } catch {
            throw BackupFault("rows that cannot be read, though their checksum is right")
        }
    }

    private static func decode(from reader: inout ByteReader) throws(ByteError) -> RowWrite {
        let at = reader.offset
        switch try reader.read(UInt8.self) {
        case 1:
            let address = try address(from: &reader)
            return .row(address, try reader.readBytes(limit: OperationWriter.valueLimit))
        case 2: return .row(try address(from: &reader), nil)
        case 3:
            let record = RecordID(try reader.read())
            let row = try reader.readBytes(limit: OperationWriter.valueLimit)
            return .feature(record, row: row, keys: try keys(from: &reader))
        case 4:
            let record = RecordID(try reader.read())
            let keys = try keys(from: &reader)
            return .dropFeature(record, keys: keys, keeping: try self.keys(from: &reader))
        case 5:
            let key: UInt64 = try reader.read()
            let sketch = try SketchBits(from: &reader)
            return .post(key: key, sketch: sketch, record: RecordID(try reader.read()))
        case 6: return .unpost(key: try reader.read(), record: RecordID(try reader.read()))
        case let kind: throw .tooLarge(at: at, value: UInt64(kind), limit: 6)
        }
    }

    private static func address(from reader: inout ByteReader) throws(ByteError) -> ReadRequest.Address {
        let at = reader.offset
        let code: UInt8 = try reader.read()
        guard let table = StoreTable(rawValue: code) else {
            throw .tooLarge(at: at, value: UInt64(code), limit: UInt64(StoreTable.allCases.count))
        }
        return ReadRequest.Address(table, StoreKey(try reader.read(), sub: try reader.read()))
    }

    private static func keys(from reader: inout ByteReader) throws(ByteError) -> [UInt64] {
        let count = try reader.readCount(limit: HomeRow.keyLimit)
        var keys: [UInt64] = []
        for _ in 0..<count { keys.append(try reader.read()) }
        return keys
    }
}
