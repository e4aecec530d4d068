public import Logging
public import NIOCore
internal import Identifiers
public import ShardProtocol
public import ShardStore
public import Transport

/// A shard node's side of the wire: serves a `ShardStore` over HTTP/2 and HTTP/1.1.
///
///     let server = try ShardServer(configuration: .init(port: 7001), group: group)
///     let address = try await server.start()     // answers 503: the store is being opened
///     server.serve(try ShardStore(directory: "/var/lib/tessera/shard-1"))
///     ...
///     await server.stop(timeout: .seconds(10))
///
/// Reads are answered on the event loop that brought them; one loop is enough for one store.
public final class ShardServer: Sendable {
    /// Bodies being gathered on one connection: several commits of the largest size.
    private static let gatheredBytes = 256 << 20

    private let server: HTTPServer
    private let handler: ShardHandler

    /// Makes a server that does not listen yet.
    ///
    /// - Parameters:
    ///   - configuration: where it listens, and under which certificate.
    ///   - members: the names of coordinators in their certificates, of which one must be shown for messages, and any
    ///     certificate for metrics; `nil`: whoever reaches the port is believed.
    ///   - speaks: the versions of the protocol that may be spoken.
    ///   - group: one loop is enough.
    ///   - logger: for what goes wrong.
    /// - Throws: `TransportError`, `tls` when certificate or key do not load.
    public init(
        configuration: HTTPServerConfiguration,
        members: CertificateNames? = nil,
        speaks: SpokenVersions = .all,
        group: any EventLoopGroup,
        logger: Logger = Logger(label: "tessera.shard")
    ) throws(TransportError) {
        var configuration = configuration
        let limits = configuration.limits
        configuration.limits.maxGatheredBytesPerConnection = max(
            limits.maxGatheredBytesPerConnection,
            ShardServer.gatheredBytes
        )
        configuration.limits.maxPendingOutputPerConnection = max(
            limits.maxPendingOutputPerConnection,
            ShardServer.gatheredBytes
        )
        handler = ShardHandler(members: members, speaks: speaks)
        server = try HTTPServer(configuration: configuration, group: group, inline: handler, logger: logger)
    }

    /// Begins to listen; messages are refused as unavailable until `serve`.
    ///
    /// - Returns: the address listened on.
    /// - Throws: the system's error when the address cannot be had.
    public func start() async throws -> SocketAddress { try await server.start() }

    /// Begins to answer from a store.
    public func serve(_ store: ShardStore) { handler.enter(.serving(store)) }

    /// Says from now on that what is stored is damaged, and answers nothing else but a call to mend it.
    func damaged(_ reason: String) { handler.enter(.damaged(reason)) }

    /// Says who mends the store when a leader wants it.
    func mend(by mend: @escaping @Sendable (Epoch) async -> ShardAnswer) { handler.mend(by: mend) }

    /// Refuses messages from now on, with a reason that `/health/ready` tells too.
    public func refuse(_ reason: String) { handler.enter(.out(reason)) }

    /// Lets open requests finish, then closes; the store stays open.
    ///
    /// - Parameter timeout: what is still open then is cut off.
    public func stop(timeout: Duration) async { await server.drain(timeout: timeout) }
}

extension ShardStore {
    /// Refuses further requests and returns when everything is in the state.
    public func close() async {
        await withCheckedContinuation { continuation in close { continuation.resume() } }
    }
}
