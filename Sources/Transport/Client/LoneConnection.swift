internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import OpenSSL

/// The one connection of a client that speaks no HTTP: made when it is needed, and made anew after it was lost.
final class LoneConnection: Sendable {
    private let endpoint: Endpoint
    private let group: any EventLoopGroup
    private let identity: TLSIdentity?
    private let timeout: Duration
    private let channel = NIOLockedValueBox<(any Channel)?>(nil)

    /// A connection to an endpoint; TLS where that names certificates.
    ///
    /// - Throws: `tls` when certificates do not load.
    init(_ endpoint: Endpoint, group: any EventLoopGroup, timeout: Duration) throws(TransportError) {
        self.endpoint = endpoint
        self.group = group
        self.timeout = timeout
        do {
            identity = try endpoint.tls.map { files throws(OpenSSLError) in
                var settings = TLSSettings(files)
                settings.protocols = []
                return try TLSIdentity(settings)
            }
        } catch {
            throw TransportError(error)
        }
    }

    /// The channel, with a handler behind TLS; it is made where there is none.
    ///
    /// - Parameter handler: makes the handler of a new channel.
    /// - Returns: a channel that was open a moment ago.
    /// - Throws: `connectFailed`, `tls`.
    func open(_ handler: @escaping @Sendable () -> any ChannelHandler) async throws(TransportError) -> any Channel {
        if let channel = channel.withLockedValue({ $0 }), channel.isActive { return channel }
        do {
            let made = try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(timeout))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls = try self.makeTLSHandler() { try pipeline.addHandler(tls) }
                        try pipeline.addHandler(handler())
                    }
                }
                .connect(host: endpoint.host, port: endpoint.port).get()
            channel.withLockedValue { $0 = made }
            return made
        } catch {
            throw error as? TransportError ?? TransportError(.connectFailed, "connect", "\(error)", isSafeToRetry: true)
        }
    }

    /// Closes the channel; the next one is new.
    func close() {
        let last = channel.withLockedValue { channel in
            defer { channel = nil }
            return channel
        }
        last?.close(promise: nil)
    }

    private func makeTLSHandler() throws -> TLSHandler? {
        guard let identity else { return nil }
        _ = try? identity.reloadIfChanged(now: Int64(NIODeadline.now().uptimeNanoseconds))
        let engine = try TLSEngine(context: identity.context, serverName: endpoint.tls?.serverName ?? endpoint.host)
        return TLSHandler(engine: engine, handshakeTimeout: timeout)
    }
}
