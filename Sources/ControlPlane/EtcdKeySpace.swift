import Etcd

/// The keys of one cluster in etcd.
public struct EtcdKeySpace: Sendable, Equatable {
    /// What all of them begin with, such as `/tessera/national/`.
    public var prefix: String

    /// The keys of a cluster of that prefix.
    public init(prefix: String) { self.prefix = prefix }

    /// Who leads; hangs on the leader's lease.
    var leader: String { prefix + "leader" }
    /// The last epoch.
    var epoch: String { prefix + "epoch" }
    /// The cluster map.
    var map: String { prefix + "map" }
    /// All of them.
    var all: EtcdKeys { .prefix(prefix) }
}
