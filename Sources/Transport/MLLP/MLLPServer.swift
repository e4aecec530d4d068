public import Logging
public import NIOCore
internal import NIOConcurrencyHelpers
internal import NIOPosix
internal import OpenSSL

/// A server of HL7 v2 messages over MLLP, in clear text or under TLS.
///
///     let server = try MLLPServer(configuration: .init(port: 2575), group: group, application: door)
///     let address = try await server.start()
///     ...
///     await server.drain(timeout: .seconds(10))
public final class MLLPServer: Sendable {
    private let configuration: MLLPServerConfiguration
    private let group: any EventLoopGroup
    private let application: any MLLPApplication
    private let identity: TLSIdentity?
    private let registry: ConnectionRegistry
    private let logger: Logger
    private let listener = NIOLockedValueBox<(any Channel)?>(nil)

    /// A server whose messages an application answers.
    ///
    /// - Throws: `tls` when certificate or key do not load.
    public init(
        configuration: MLLPServerConfiguration,
        group: any EventLoopGroup,
        application: any MLLPApplication,
        logger: Logger = Logger(label: "tessera.mllp")
    ) throws(TransportError) {
        self.configuration = configuration
        self.group = group
        self.application = application
        self.logger = logger
        registry = ConnectionRegistry(limit: configuration.limits.maxConnections)
        do {
            identity = try configuration.tls.map { files throws(OpenSSLError) in
                var settings = TLSSettings(files)
                // A client that knows no protocol names, or others, is served all the same.
                settings.protocols = []
                return try TLSIdentity(settings)
            }
        } catch {
            throw TransportError(error)
        }
    }

    /// Begins to listen.
    ///
    /// - Returns: the address listened on, with the port the system chose when the configured one was 0.
    /// - Throws: the system's error when the address cannot be had.
    public func start() async throws -> SocketAddress {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { self.open($0) }
        let channel = try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
        listener.withLockedValue { $0 = channel }
        guard let address = channel.localAddress else {
            throw TransportError(.connectFailed, "listen", "the system tells no address")
        }
        return address
    }

    private func open(_ channel: any Channel) -> EventLoopFuture<Void> {
        let limits = configuration.limits
        guard registry.add(channel) else {
            return channel.eventLoop.makeFailedFuture(
                TransportError(.limitExceeded, "accept", "\(limits.maxConnections) connections are open")
            )
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let identity {
                // Files that do not load leave the old ones in use.
                _ = try? identity.reloadIfChanged(now: Int64(NIODeadline.now().uptimeNanoseconds))
                let engine = try TLSEngine(context: identity.context)
                try pipeline.addHandler(
                    TLSHandler(
                        engine: engine,
                        handshakeTimeout: limits.handshakeTimeout,
                        refused: configuration.refused
                    )
                )
            }
            try pipeline.addHandler(
                MLLPServerHandler(application, limits, isEncrypted: identity != nil, logger)
            )
        }
    }

    /// Connections open now, accepted so far, and refused because of the limit.
    public var connectionCounts: (open: Int, accepted: Int, refused: Int) { registry.counts }

    /// Stops listening, has the messages that were received answered, and closes what the time leaves over.
    public func drain(timeout: Duration) async {
        let channel = listener.withLockedValue { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close().get()
        registry.drain()
        let deadline = group.next().scheduleTask(in: TimeAmount(timeout)) { self.registry.closeAll() }
        await registry.waitUntilEmpty()
        deadline.cancel()
    }
}
