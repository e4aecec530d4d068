public import NIOCore
internal import NIOConcurrencyHelpers
internal import NIOPosix
internal import OpenSSL

/// Sends HL7 v2 messages over MLLP, one at a time, each until its answer has come.
///
///     let client = try MLLPClient(endpoint: Endpoint(host: "10.0.0.7", port: 2575), group: group)
///     let answer = try await client.send(message)
///
/// The connection is made when it is needed, and made anew after it was lost.
public final class MLLPClient: Sendable {
    private let endpoint: Endpoint
    private let group: any EventLoopGroup
    private let identity: TLSIdentity?
    private let timeout: Duration
    private let connection = NIOLockedValueBox<(any Channel)?>(nil)

    /// A client of an endpoint.
    ///
    /// - Parameters:
    ///   - endpoint: where to; TLS where it names certificates.
    ///   - group: the event loops.
    ///   - timeout: how long connecting may take, and how long an answer.
    /// - Throws: `tls` when certificates do not load.
    public init(
        endpoint: Endpoint,
        group: any EventLoopGroup,
        timeout: Duration = .seconds(30)
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

    /// Sends a message and waits for its answer; only one message may be under way.
    ///
    /// - Throws: `TransportError` where no answer came; whether the message was dealt with is then not known.
    public func send(_ message: [UInt8]) async throws(TransportError) -> [UInt8] {
        let channel = try await connected()
        let promise = channel.eventLoop.makePromise(of: [UInt8].self)
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(TransportError(.deadlineExceeded, "answer"))
        }
        channel.writeAndFlush(MLLPRequest(message: message, answer: promise)).cascadeFailure(to: promise)
        do {
            let answer = try await promise.futureResult.get()
            limit.cancel()
            return answer
        } catch {
            limit.cancel()
            close()
            throw error as? TransportError ?? TransportError(.connectionLost, "answer", "\(error)")
        }
    }

    /// Closes the connection; the next message makes a new one.
    public func close() {
        let channel = connection.withLockedValue { connection in
            defer { connection = nil }
            return connection
        }
        channel?.close(promise: nil)
    }

    private func connected() async throws(TransportError) -> any Channel {
        if let channel = connection.withLockedValue({ $0 }), channel.isActive { return channel }
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(timeout))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls = try self.makeTLSHandler() { try pipeline.addHandler(tls) }
                        try pipeline.addHandler(MLLPClientHandler())
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
