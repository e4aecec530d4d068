import Bytes
import Identifiers
import ShardProtocol
import Topology

/// A decided batch, written whole to one shard before its parts go to theirs, as stored in table `intent`.
struct IntentRow {
    /// Sequence numbers used by the batch; those of successive batches follow without a gap.
    var first: Sequence
    var last: Sequence
    /// What each shard is to write.
    var parts: [(shard: ShardID, operations: [UInt8])]

    init(first: Sequence, last: Sequence, parts: [(shard: ShardID, operations: OperationWriter)]) {
        self.first = first
        self.last = last
        self.parts = parts.map { ($0.shard, $0.operations.bytes) }
    }

    /// A key in a slot that the shard owns, in the order of batches.
    static func key(on shard: ShardID, in map: ClusterMap, last: Sequence) -> StoreKey {
        let slot = map.owners.firstIndex(of: shard).flatMap { Slot($0) }
        return StoreKey(slot?.firstHash ?? 0, sub: last.rawValue)
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: parts.reduce(64) { $0 + $1.operations.count + 16 })
        writer.write(UInt8(1))
        writer.write(first.rawValue)
        writer.write(last.rawValue)
        writer.write(varint: UInt64(parts.count))
        for part in parts {
            writer.write(part.shard.rawValue)
            writer.write(prefixed: part.operations)
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .intent) { reader throws(ByteError) in
            try IntentRow(from: &reader)
        }
    }

    private init(from reader: inout ByteReader) throws(ByteError) {
        first = Sequence(try reader.read())
        last = Sequence(try reader.read())
        let count = try reader.readCount(limit: ShardID.limit)
        parts = []
        for _ in 0..<count {
            let shard = ShardID(try reader.read())
            parts.append((shard, try reader.readBytes(limit: CommitRequest.byteLimit)))
        }
    }
}
