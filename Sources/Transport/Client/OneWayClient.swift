internal import NIOConcurrencyHelpers
public import NIOCore

/// Writes bytes to an endpoint that answers nothing, such as a receiver of syslog.
///
///     let client = try OneWayClient(endpoint: Endpoint(host: "10.0.0.7", port: 6514, tls: files), group: group)
///     try await client.send(bytes)
///
/// The connection is made when it is needed, and made anew after it was lost. That bytes were sent means that the
/// system took them: of those under way when a connection ends nobody knows whether they arrived.
public final class OneWayClient: Sendable {
    private let connection: LoneConnection
    private let timeout: Duration
    /// Why the last connection failed, where the other end or TLS said so.
    private let reason = NIOLockedValueBox<TransportError?>(nil)
    private let ended = NIOLockedValueBox(0)

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
        connection = try LoneConnection(endpoint, group: group, timeout: timeout)
        self.timeout = timeout
    }

    /// Connections that ended so far: what was sent before on one may not have arrived.
    public var endedConnections: Int { ended.withLockedValue { $0 } }

    /// Sends bytes; returns when the system took them.
    ///
    /// - Throws: `TransportError`; how much of them arrived is then not known.
    public func send(_ bytes: [UInt8]) async throws(TransportError) {
        let (reason, ended) = (reason, ended)
        let channel = try await connection.open {
            reason.withLockedValue { $0 = nil }
            return EndOfLine(reason: reason, ended: ended)
        }
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
    public func close() { connection.close() }
}

/// Nothing is expected from the other end: what comes is dropped, and why the connection fails is remembered.
private final class EndOfLine: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let reason: NIOLockedValueBox<TransportError?>

    private let ended: NIOLockedValueBox<Int>

    init(reason: NIOLockedValueBox<TransportError?>, ended: NIOLockedValueBox<Int>) {
        self.reason = reason
        self.ended = ended
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended.withLockedValue { $0 += 1 }
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reason.withLockedValue { reason in
            if reason == nil { reason = error as? TransportError }
        }
        context.close(promise: nil)
    }
}
