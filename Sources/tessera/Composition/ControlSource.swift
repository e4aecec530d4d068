import ControlPlane
import Etcd
import Logging
import NIOCore
import Topology
import Transport

/// The control plane that a configuration asks for.
struct ControlSource {
    /// An answer of etcd that takes longer than this part of a lease would leave no time for another member's.
    private static let deadlinePart = 3
    /// Before etcd is asked again at the start.
    private static let pause: Duration = .seconds(1)

    /// Who decides.
    let client: any ControlPlaneClient
    /// Runs beside everything else.
    var upkeep: @Sendable () async -> Void = {}

    /// A file in the data directory, or etcd.
    ///
    /// - Throws: `FileControlPlane.Failure`, `ConfigurationFile.Faults`, `TransportError` for certificates.
    init(_ configuration: CoordinatorConfiguration, group: any EventLoopGroup, logger: Logger) throws {
        guard let etcd = configuration.etcd, let peer = configuration.peer else {
            client = try FileControlPlane(directory: configuration.data, seed: configuration.seed)
            return
        }
        let members = try etcd.members.map {
            try HTTPClient(
                endpoint: Endpoint(host: $0.host, port: $0.port, tls: etcd.tls),
                configuration: .member(),
                group: group
            )
        }
        let credentials = try etcd.user.map { EtcdCredentials(user: $0, password: try etcd.password() ?? "") }
        let lease = Duration.seconds(etcd.leaseSeconds)
        let plane = EtcdControlPlane(
            etcd: EtcdClient(members: members, credentials: credentials, deadline: lease / Self.deadlinePart),
            keys: EtcdKeySpace(prefix: etcd.prefix),
            identity: Leader(name: configuration.name, address: "\(peer)", epoch: nil),
            seed: configuration.seed,
            leaseTime: lease,
            logger: logger
        )
        client = plane
        upkeep = { await plane.run() }
    }

    /// The current map; waits for as long as the control plane cannot be asked.
    ///
    /// - Throws: `TopologyError` other than `.unavailable`.
    func currentMap(seed: ClusterMap, logger: Logger) async throws -> ClusterMap {
        while true {
            do throws(TopologyError) {
                return try await ClusterSeed.currentMap(client, seed: seed)
            } catch {
                guard case .unavailable(let reason) = error else { throw error }
                logger.warning("waiting for the control plane", metadata: ["reason": "\(reason)"])
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
