import Identifiers
import NIOCore
import ShardProtocol
import ShardService
import Topology
import Transport

/// Makes clients of shard groups, also of those that join while the coordinator runs.
enum ShardClients {
    /// What makes the client of a group; for one that cannot be reached from here, a client that says why.
    static func connect(
        group loops: any EventLoopGroup,
        deadline: Duration
    ) -> @Sendable (ShardGroup) -> any ShardClient {
        var patience = RemoteShard.Patience()
        patience.deadline = deadline
        return { [patience] group in
            guard group.replicas.count == 1, let replica = group.replicas.first,
                let address = ListenAddress(replica.address)
            else { return AbsentShard(reason: "\(group.id): this version serves groups of one replica at HOST:PORT") }
            do {
                let endpoint = Endpoint(host: address.host, port: address.port)
                return RemoteShard(try HTTPClient(endpoint: endpoint, group: loops), patience: patience)
            } catch {
                return AbsentShard(reason: "\(replica.address): \(error)")
            }
        }
    }
}
