internal import NIOConcurrencyHelpers
public import NIOCore
internal import NIOPosix
internal import OpenSSL

/// Writes bytes to an endpoint that answers nothing, such as a receiver of syslog.
///
///     let client = try OneWayClient(endpoint: Endpoint(host: "10.0.0.7", port: 6514, tls: files), group: group)
///     try await client.send(bytes)
///
/// The connection is made when it is needed, and made anew after it was lost. That bytes were sent means that the
/// system took them: of those under way when a connection ends nobody knows whether they arrived.
public final class OneWayClient: Sendable {
    private let endpoint: Endpoint
    private let group: any EventLoopGroup
    private let identity: TLSIdentity?
    private let timeout: Duration
    private let connection = NIOLockedValueBox<(any Channel)?>(nil)
    /// Why the last connection failed, where the other end or TLS said so.
    private let reason = NIOLockedValueBox<TransportError?>(nil)

    /// A client of an endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: where to; TLS where it names certificates.
    ///   - group: the event loops.
    ///   - timeout: how long connecting may take, and how long the other end may leave bytes unread.
    /// - Throws: `tls` when certificates do not load.
    public init(
        endpoint: Endpoint,
        group: any EventLoopGroup,
        timeout: Duration = .seconds(10)
    ) throws(TransportError) {
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

    /// Sends bytes; returns when the system took them.
    ///
    /// - Throws: `TransportError`; how much of them arrived is then not known.
    public func send(_ bytes: [UInt8]) async throws(TransportError) {
        let channel = try await connected()
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { channel.close(promise: nil) }
        do {
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
            limit.cancel()
        } catch {
            limit.cancel()
            close()
            throw reason.withLockedValue { $0 } ?? (error as? TransportError)
                ?? TransportError(.connectionLost, "send", "\(error)")
        }
    }

    /// Closes the connection; the next bytes make a new one.
    public func close() {
        let channel = connection.withLockedValue { connection in
            defer { connection = nil }
            return connection
        }
        channel?.close(promise: nil)
    }

    private func connected() async throws(TransportError) -> any Channel {
        if let channel = connection.withLockedValue({ $0 }), channel.isActive { return channel }
        reason.withLockedValue { $0 = nil }
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(timeout))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls = try self.makeTLSHandler() { try pipeline.addHandler(tls) }
                        try pipeline.addHandler(EndOfLine(reason: self.reason))
                    }
                }
                .connect(host: endpoint.host, port: endpoint.port).get()
            connection.withLockedValue { $0 = channel }
            return channel
        } catch {
            throw error as? TransportError ?? TransportError(.connectFailed, "connect", "\(error)", isSafeToRetry: true)
        }
    }

    private func makeTLSHandler() throws -> TLSHandler? {
        guard let identity else { return nil }
        _ = try? identity.reloadIfChanged(now: Int64(NIODeadline.now().uptimeNanoseconds))
        let engine = try TLSEngine(context: identity.context, serverName: endpoint.tls?.serverName ?? endpoint.host)
        return TLSHandler(engine: engine, handshakeTimeout: timeout)
    }
}

/// Nothing is expected from the other end: what comes is dropped, and why the connection fails is remembered.
private final class EndOfLine: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let reason: NIOLockedValueBox<TransportError?>

    init(reason: NIOLockedValueBox<TransportError?>) { self.reason = reason }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reason.withLockedValue { reason in
            if reason == nil { reason = error as? TransportError }
        }
        context.close(promise: nil)
    }
}
