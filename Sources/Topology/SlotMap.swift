public import Identifiers

/// Which shard group owns each slot.
public struct SlotMap: Sendable, Equatable {
    /// The owners, by slot number.
    public private(set) var owners: [ShardID]
    /// How many shard groups there are, with the gaps that a cluster map leaves between their numbers.
    public let shardCount: Int

    /// Deals all slots out in contiguous runs of equal length, give or take one.
    ///
    /// - Parameter shards: number of shard groups, 1 ... `ShardID.limit`.
    public init(evenly shards: Int) {
        precondition((1...ShardID.limit).contains(shards), "shard count outside its range")
        shardCount = shards
        owners = (0..<Slot.count).map { ShardID(UInt16($0 * shards / Slot.count)) }
    }

    /// The owners that a cluster map names.
    public init(_ map: ClusterMap) {
        shardCount = map.groups.reduce(0) { max($0, Int($1.id.rawValue) + 1) }
        owners = map.owners
    }

    /// The owner of a slot.
    @inlinable
    public func owner(of slot: Slot) -> ShardID { owners[Int(slot.rawValue)] }

    /// The owner of a key.
    @inlinable
    public func owner(ofHash hash: UInt64) -> ShardID { owner(of: Slot(hash: hash)) }

    /// All shard groups in order.
    public var shards: [ShardID] { (0..<shardCount).map { ShardID(UInt16($0)) } }
}
