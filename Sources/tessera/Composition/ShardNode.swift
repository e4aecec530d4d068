import Logging
import NIOCore
import ServiceLifecycle
import ShardProtocol
import ShardService
import ShardStore
import Transport

/// A shard node: a store and its server, from recovery to graceful end.
struct ShardNode: Service {
    private static let drainTime: Duration = .seconds(10)
    /// All files are read for a round; often enough that damage is found while another copy is there to mend it from.
    private static let checkPause: Duration = .seconds(6 * 3_600)
    /// After each mebibyte, so that a round takes a hundredth of a processor.
    private static let checkRest: Duration = .milliseconds(20)

    let listen: ListenAddress
    let data: String
    let members: MemberTLS?
    let encryption: EncryptionKeys?
    var speaks = SpokenVersions.all
    let group: any EventLoopGroup
    let logger: Logger

    /// Runs until a graceful shutdown.
    func run() async throws {
        let vault = try encryption.map { Vault(try $0.keys()) }
        let server = try ShardServer(
            configuration: HTTPServerConfiguration(host: listen.host, port: listen.port, tls: members?.server),
            members: members?.coordinators,
            speaks: speaks,
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
        let keeper = StoreKeeper(directory: data, server: server, logger: logger) { [data] () throws(StoreError) in
            try ShardStore(directory: data, vault: vault)
        }
        if let store = try await keeper.open() {
            logger.info(
                "recovered",
                metadata: ["address": "\(listen.host):\(address.port ?? listen.port)", "took": "\(store.recoveryTime)"]
            )
        }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await keeper.watch(every: Self.checkPause, rest: Self.checkRest) }
            if let encryption, let vault {
                tasks.addTask { await encryption.watch(vault, { await keeper.stores }, logger) }
            }
            try? await gracefulShutdown()
            tasks.cancelAll()
        }
        logger.info("draining")
        server.refuse("the shard is shutting down")
        await server.stop(timeout: Self.drainTime)
        await keeper.close()
        logger.info("stopped")
    }
}
