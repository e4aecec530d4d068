public import Topology

/// What an operator wants of the cluster.
public enum TopologyChange: Sendable, Equatable {
    /// A new shard takes its share of the slots; its copies, one at least.
    case addShard([Replica])
    /// A shard gives all its slots away.
    case drain(String)
    /// A shard that has nothing any more leaves.
    case remove(String)
    /// Slots are dealt out evenly.
    case rebalance
    /// Slots are dealt out so that no shard is asked much more than others.
    case spread
    /// A move is held.
    case pause(UInt64)
    /// A move goes on.
    case resume(UInt64)
    /// A move is given up.
    case abort(UInt64)
}
