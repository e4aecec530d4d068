import ArgumentParser
import Identifiers
import NIOCore
import ShardProtocol
import ShardService
import Topology
import Transport

/// The clients of the shard groups of a map.
enum ShardClients {
    /// A client of each group, in the order of their numbers.
    ///
    /// - Throws: `ValidationError` for a map with what this version cannot serve.
    static func make(
        _ map: ClusterMap,
        group loops: any EventLoopGroup,
        deadline: Duration
    ) throws -> [any ShardClient] {
        var patience = RemoteShard.Patience()
        patience.deadline = deadline
        return try map.groups.enumerated().map { place, group in
            guard Int(group.id.rawValue) == place, group.replicas.count == 1, let replica = group.replicas.first,
                let address = ListenAddress(replica.address)
            else {
                throw ValidationError("\(group.id): this version serves groups without gaps, of one replica each")
            }
            let endpoint = Endpoint(host: address.host, port: address.port)
            return RemoteShard(try HTTPClient(endpoint: endpoint, group: loops), patience: patience)
        }
    }
}
