import Logging
import NIOCore
import ServiceLifecycle
import ShardService
import ShardStore
import Transport

/// A shard node: a store and its server, from recovery to graceful end.
struct ShardNode: Service {
    private static let drainTime: Duration = .seconds(10)

    let listen: ListenAddress
    let data: String
    let members: MemberTLS?
    let encryption: EncryptionKeys?
    let group: any EventLoopGroup
    let logger: Logger

    /// Runs until a graceful shutdown.
    func run() async throws {
        let vault = try encryption.map { Vault(try $0.keys()) }
        let server = try ShardServer(
            configuration: HTTPServerConfiguration(host: listen.host, port: listen.port, tls: members?.server),
            members: members?.coordinators,
            group: group,
            logger: logger
        )
        if members == nil, !listen.isLoopback {
            logger.warning(
                "NOBODY IS ASKED WHO THEY ARE: whoever reaches the port may read and write every record",
                metadata: ["address": "\(listen)", "remedy": "cluster_tls_certificate"]
            )
        }
        let address = try await server.start()
        let store = try ShardStore(directory: data, vault: vault)
        logger.info(
            "recovered",
            metadata: ["address": "\(listen.host):\(address.port ?? listen.port)", "took": "\(store.recoveryTime)"]
        )
        server.serve(store)
        await withTaskGroup(of: Void.self) { tasks in
            if let encryption, let vault { tasks.addTask { await encryption.watch(vault, [store], logger) } }
            try? await gracefulShutdown()
            tasks.cancelAll()
        }
        logger.info("draining")
        server.refuse("the shard is shutting down")
        await server.stop(timeout: Self.drainTime)
        await store.close()
        logger.info("stopped")
    }
}
