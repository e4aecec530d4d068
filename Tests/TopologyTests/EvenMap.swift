import Identifiers

@testable import Topology

extension ClusterMap {
    /// Shards of one copy each, the slots dealt evenly.
    static func even(_ count: Int) throws -> ClusterMap {
        try ClusterMap(
            evenly: (0..<count).map { number in
                ShardGroup(
                    id: ShardID(UInt16(number)),
                    replicas: [Replica(name: "shard-\(number + 1)", address: "127.0.0.1:\(9_000 + number)")]
                )
            }
        )
    }
}
