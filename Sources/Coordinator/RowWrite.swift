import Identifiers
import ShardProtocol

/// One effect of a decision on the stored state, before it is known which shard it goes to.
enum RowWrite: Sendable {
    /// Writes a row, or deletes it where the value is `nil`.
    case row(ReadRequest.Address, [UInt8]?)
    /// Writes a record's feature row to every shard that owns one of the keys.
    case feature(RecordID, row: [UInt8], keys: [UInt64])
    /// Removes a record's feature row from the shards that own one of the keys but none of the kept ones.
    case dropFeature(RecordID, keys: [UInt64], keeping: [UInt64])
    /// Puts a record into a block.
    case post(key: UInt64, sketch: SketchBits, record: RecordID)
    /// Takes a record out of a block.
    case unpost(key: UInt64, record: RecordID)
}
