internal import NIOCore
internal import NIOPosix
internal import OpenSSL

/// Makes the connections of one client.
struct ClientConnector: Sendable {
    let endpoint: Endpoint
    let configuration: HTTPClientConfiguration
    let identity: TLSIdentity?

    var isEncrypted: Bool { identity != nil }

    /// `TCP_USER_TIMEOUT` of Linux, in milliseconds.
    private static let userTimeout = NIOBSDSocket.Option(rawValue: 18)

    private var unacknowledged: Int {
        Int(TimeAmount(configuration.unacknowledgedTimeout).nanoseconds / 1_000_000)
    }

    /// Connects, with the handler at the end of the pipeline.
    func connect(_ handler: ClientHandler, eventLoop: any EventLoop) -> EventLoopFuture<any Channel> {
        let bound = NIOLoopBound(handler, eventLoop: eventLoop)
        return ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.tcpOption(Self.userTimeout), value: unacknowledged)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 16))
            .channelOption(.maxMessagesPerRead, value: 4)
            .channelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = try makeTLSHandler() { try pipeline.addHandler(tls) }
                    try pipeline.addHandler(bound.value)
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
    }

    private func makeTLSHandler() throws -> TLSHandler? {
        guard let identity else { return nil }
        // Files that do not load leave the old ones in use, which then decide by themselves whether they still serve.
        _ = try? identity.reloadIfChanged(now: Int64(NIODeadline.now().uptimeNanoseconds))
        let engine = try TLSEngine(
            context: identity.context,
            serverName: endpoint.tls?.serverName ?? endpoint.host
        )
        return TLSHandler(engine: engine, handshakeTimeout: configuration.connectTimeout)
    }
}
