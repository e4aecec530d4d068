public import NIOCore
internal import NIOConcurrencyHelpers
internal import NIOHTTP1
internal import NIOPosix
internal import OpenSSL

/// A client of a server that speaks HTTP/1.1 only: a bounded number of connections, one request on each at a time.
///
/// Requests beyond that wait their turn. Nothing is sent twice.
public final class HTTP1Client: Sendable {
    /// Where it connects to.
    public let endpoint: Endpoint
    private let configuration: HTTPClientConfiguration
    private let group: any EventLoopGroup
    private let identity: TLSIdentity?
    private let pool = NIOLockedValueBox(Pool())

    /// What a request that waits is given: a connection, or leave to make one.
    private enum Turn: Sendable {
        case channel(any Channel)
        case connect
        case closed
    }

    private struct Pool {
        var idle: [any Channel] = []
        var places = 0
        var waiting: [CheckedContinuation<Turn, Never>] = []
        var isClosed = false
    }

    /// A client; connects when the first request is sent.
    ///
    /// - Throws: `tls` when certificates or key do not load.
    public init(
        endpoint: Endpoint,
        configuration: HTTPClientConfiguration = HTTPClientConfiguration(),
        group: any EventLoopGroup
    ) throws(TransportError) {
        self.endpoint = endpoint
        self.configuration = configuration
        self.group = group
        do {
            identity = try endpoint.tls.map { files throws(OpenSSLError) in
                var settings = TLSSettings(files)
                settings.protocols = ["http/1.1"]
                return try TLSIdentity(settings)
            }
        } catch {
            throw TransportError(error)
        }
    }

    /// Sends a request and gathers its answer, whatever its status.
    ///
    /// - Throws: `connectFailed`, `connectionLost`, `deadlineExceeded`, `limitExceeded`, `tls`, `closed`.
    public func send(_ request: HTTPClientRequest) async throws(TransportError) -> HTTPResponse {
        let channel = try await channel()
        let promise = channel.eventLoop.makePromise(of: HTTP1Answer.self)
        let limit = channel.eventLoop.scheduleTask(in: TimeAmount(configuration.defaultDeadline)) {
            promise.fail(TransportError(.deadlineExceeded, "answer"))
        }
        let host = request.authority ?? endpoint.description
        channel.writeAndFlush(HTTP1Call(request: request, host: host, answer: promise)).cascadeFailure(to: promise)
        do {
            let answer = try await promise.futureResult.get()
            limit.cancel()
            if answer.isKeptAlive { give(channel) } else { lose(channel) }
            return answer.response
        } catch {
            limit.cancel()
            lose(channel)
            throw error as? TransportError ?? TransportError(.connectionLost, "answer", "\(error)")
        }
    }

    /// Closes its connections; requests that wait fail.
    public func close() async {
        let (idle, waiting) = pool.withLockedValue { pool in
            pool.isClosed = true
            defer { (pool.idle, pool.waiting) = ([], []) }
            return (pool.idle, pool.waiting)
        }
        for turn in waiting { turn.resume(returning: .closed) }
        for channel in idle { channel.close(promise: nil) }
    }

    private func channel() async throws(TransportError) -> any Channel {
        switch await turn() {
        case .channel(let channel) where channel.isActive: return channel
        case .closed: throw TransportError(.closed, "send")
        case .connect, .channel: break
        }
        do {
            return try await connect()
        } catch {
            pass()
            throw error as? TransportError ?? TransportError(.connectFailed, "connect", "\(error)", isSafeToRetry: true)
        }
    }

    private func turn() async -> Turn {
        await withCheckedContinuation { continuation in
            let turn: Turn? = pool.withLockedValue { pool in
                if pool.isClosed { return .closed }
                if let channel = pool.idle.popLast() { return .channel(channel) }
                if pool.places < max(1, configuration.connections) {
                    pool.places += 1
                    return .connect
                }
                pool.waiting.append(continuation)
                return nil
            }
            if let turn { continuation.resume(returning: turn) }
        }
    }

    /// Puts a connection back, or hands it to who waits.
    private func give(_ channel: any Channel) {
        let next = pool.withLockedValue { pool -> CheckedContinuation<Turn, Never>? in
            if !pool.waiting.isEmpty { return pool.waiting.removeFirst() }
            if !pool.isClosed { pool.idle.append(channel) }
            return nil
        }
        next?.resume(returning: .channel(channel))
        if pool.withLockedValue({ $0.isClosed }) { channel.close(promise: nil) }
    }

    /// Gives up a connection; its place is free.
    private func lose(_ channel: any Channel) {
        channel.close(promise: nil)
        pass()
    }

    /// Hands the leave to connect to who waits, or takes it back.
    private func pass() {
        let next = pool.withLockedValue { pool -> CheckedContinuation<Turn, Never>? in
            if !pool.waiting.isEmpty { return pool.waiting.removeFirst() }
            pool.places -= 1
            return nil
        }
        next?.resume(returning: .connect)
    }

    private func connect() async throws -> any Channel {
        try await ClientBootstrap(group: group)
            .connectTimeout(TimeAmount(configuration.connectTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = try self.makeTLSHandler() { try pipeline.addHandler(tls) }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTP1ClientHandler(bodyMax: self.configuration.maxResponseBytes))
                }
            }
            .connect(host: endpoint.host, port: endpoint.port).get()
    }

    private func makeTLSHandler() throws -> TLSHandler? {
        guard let identity else { return nil }
        let engine = try TLSEngine(context: identity.context, serverName: endpoint.tls?.serverName ?? endpoint.host)
        return TLSHandler(engine: engine, handshakeTimeout: configuration.connectTimeout)
    }
}
