public import Logging
public import NIOCore
internal import NIOPosix
internal import OpenSSL
internal import NIOConcurrencyHelpers

/// A server of HTTP/1.1 and HTTP/2 on one port, in clear text or under TLS.
///
///     let server = try HTTPServer(configuration: .init(port: 8080), group: group, handler: Hello(), logger: logger)
///     let address = try await server.start()
///     ...
///     await server.drain(timeout: .seconds(10))
public final class HTTPServer: Sendable {
    private let configuration: HTTPServerConfiguration
    private let group: any EventLoopGroup
    private let context: ServerContext
    private let identity: TLSIdentity?
    private let listener = NIOLockedValueBox<(any Channel)?>(nil)

    /// A server whose requests are answered by `async` functions.
    ///
    /// - Throws: `tls` when certificate or key do not load.
    public convenience init(
        configuration: HTTPServerConfiguration,
        group: any EventLoopGroup,
        handler: any HTTPHandler,
        logger: Logger = Logger(label: "tessera.transport")
    ) throws(TransportError) {
        try self.init(configuration, group, .async(handler), logger)
    }

    /// A server whose requests are answered on the event loop.
    ///
    /// - Throws: `tls` when certificate or key do not load.
    public convenience init(
        configuration: HTTPServerConfiguration,
        group: any EventLoopGroup,
        inline handler: any InlineHTTPHandler,
        logger: Logger = Logger(label: "tessera.transport")
    ) throws(TransportError) {
        try self.init(configuration, group, .inline(handler), logger)
    }

    private init(
        _ configuration: HTTPServerConfiguration,
        _ group: any EventLoopGroup,
        _ application: HTTPApplication,
        _ logger: Logger
    ) throws(TransportError) {
        self.configuration = configuration
        self.group = group
        context = ServerContext(
            application: application,
            limits: configuration.limits,
            registry: ConnectionRegistry(limit: configuration.limits.maxConnections),
            logger: logger,
            refused: configuration.refused
        )
        do {
            identity = try configuration.tls.map { settings throws(OpenSSLError) in
                try TLSIdentity(TLSSettings(settings))
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
        let context = context
        let identity = identity
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Out of file descriptors, accepting pauses instead of spinning.
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 16))
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
            .childChannelInitializer { Self.open($0, context, identity) }
        let channel = try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
        listener.withLockedValue { $0 = channel }
        guard let address = channel.localAddress else {
            throw TransportError(.connectFailed, "listen", "the system tells no address")
        }
        return address
    }

    private static func open(
        _ channel: any Channel,
        _ context: ServerContext,
        _ identity: TLSIdentity?
    ) -> EventLoopFuture<Void> {
        guard context.registry.add(channel) else {
            return channel.eventLoop.makeFailedFuture(
                TransportError(.limitExceeded, "accept", "\(context.limits.maxConnections) connections are open")
            )
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            if let identity {
                follow(identity, context)
                let engine = try TLSEngine(context: identity.context)
                try pipeline.addHandler(
                    TLSHandler(
                        engine: engine,
                        handshakeTimeout: context.limits.handshakeTimeout,
                        refused: context.refused
                    )
                )
            }
            try pipeline.addHandler(ProtocolDetection(server: context))
        }
    }

    /// Takes over replaced certificate files.
    private static func follow(_ identity: TLSIdentity, _ context: ServerContext) {
        do {
            if try identity.reloadIfChanged(now: Int64(NIODeadline.now().uptimeNanoseconds)) {
                context.logger.info("certificates were replaced and are in use")
            }
        } catch {
            context.logger.error(
                "replaced certificates do not load, the old ones stay",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// The port listened on; nil before `start` and after `drain`.
    public var port: Int? {
        listener.withLockedValue { $0?.localAddress?.port }
    }

    /// Loads certificates and key again for new connections.
    ///
    /// - Throws: `tls`; the old ones then stay in use.
    public func reloadCertificates() throws(TransportError) {
        do {
            try identity?.reload()
        } catch {
            throw TransportError(error)
        }
    }

    /// Connections open now, accepted so far, and refused because of the limit.
    public var connectionCounts: (open: Int, accepted: Int, refused: Int) {
        context.registry.counts
    }

    /// Stops listening, lets open requests finish (GOAWAY, `connection: close`), and closes what the time leaves over.
    public func drain(timeout: Duration) async {
        let channel = listener.withLockedValue { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close().get()
        context.registry.drain()
        let registry = context.registry
        let deadline = group.next().scheduleTask(in: TimeAmount(timeout)) { registry.closeAll() }
        await registry.waitUntilEmpty()
        deadline.cancel()
    }

    /// Stops at once: open requests are cut off.
    public func stop() async {
        await drain(timeout: .zero)
    }
}
