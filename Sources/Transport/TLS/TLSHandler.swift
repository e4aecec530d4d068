internal import NIOCore
internal import OpenSSL

/// Fired down the pipeline when the handshake is complete.
struct TLSEstablished: Sendable {
    let negotiatedProtocol: String?
    let certificate: PeerInfo.Certificate?
}

/// Runs a `TLSEngine` between the socket and the protocol above it.
///
/// Plain text written before a flush leaves in as few records as it fits in.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let engine: TLSEngine
    private let handshakeTimeout: Duration
    /// Told the peer's address and the reason where a handshake fails.
    private let refused: TLSRefusal?
    private var isAnnounced = false
    private var hasFailed = false
    /// Whether the connection is gone: what is written now would wait for ever.
    private var isOver = false
    private var timeout: Scheduled<Void>?
    private var waiting: [(ByteBuffer, EventLoopPromise<Void>?)] = []
    private var plaintext = ByteBuffer()
    private var ciphertext = ByteBuffer()

    init(engine: TLSEngine, handshakeTimeout: Duration, refused: TLSRefusal? = nil) {
        self.engine = engine
        self.handshakeTimeout = handshakeTimeout
        self.refused = refused
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    private func start(_ context: ChannelHandlerContext) {
        guard timeout == nil else { return }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timeout = context.eventLoop.scheduleTask(in: TimeAmount(handshakeTimeout)) {
            let (handler, context) = bound.value
            guard !handler.isAnnounced else { return }
            handler.tell(context, "the handshake was not complete in time")
            context.fireErrorCaught(TransportError(.tls, "handshake", "not complete in time"))
            context.close(promise: nil)
        }
        // A client speaks first.
        advance(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasFailed else { return }
        let buffer = unwrapInboundIn(data)
        engine.receive(buffer.readableBytesUInt8Span)
        advance(context)
    }

    /// Goes on with the handshake, hands plaintext up, and sends what the engine has to say.
    private func advance(_ context: ChannelHandlerContext) {
        do {
            try engine.handshake()
            if engine.isEstablished, !isAnnounced { try announce(context) }
            plaintext.clear()
            try engine.readPlaintext { plaintext.writeBytes($0.bytes) }
        } catch {
            fail(context, error)
            return
        }
        if writeCiphertext(context, promise: nil) { context.flush() }
        if plaintext.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(plaintext))
        }
        if engine.isClosedByPeer {
            context.close(promise: nil)
        }
    }

    private func announce(_ context: ChannelHandlerContext) throws(OpenSSLError) {
        isAnnounced = true
        timeout?.cancel()
        let certificate = engine.peerCertificate.map {
            PeerInfo.Certificate(
                subject: $0.subject,
                commonName: $0.commonName,
                alternativeNames: $0.alternativeNames,
                fingerprint: Digest.hexadecimal($0.fingerprint)
            )
        }
        if writeCiphertext(context, promise: nil) { context.flush() }
        context.fireUserInboundEventTriggered(
            TLSEstablished(negotiatedProtocol: engine.negotiatedProtocol, certificate: certificate)
        )
        for (buffer, promise) in waiting {
            try engine.write(buffer.readableBytesUInt8Span)
            _ = writeCiphertext(context, promise: promise)
        }
        waiting = []
        context.flush()
    }

    private func tell(_ context: ChannelHandlerContext, _ reason: String) {
        refused?("\(context.channel.remoteAddress.map { "\($0)" } ?? "")", reason)
    }

    private func fail(_ context: ChannelHandlerContext, _ error: OpenSSLError) {
        if !isAnnounced, !hasFailed { tell(context, error.detail) }
        hasFailed = true
        // The alert that tells the other end why.
        if writeCiphertext(context, promise: nil) { context.flush() }
        context.fireErrorCaught(TransportError(.tls, error.operation, error.detail))
        context.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let buffer = unwrapOutboundIn(data)
        guard !hasFailed, !isOver else {
            promise?.fail(TransportError(.connectionLost, "write"))
            return
        }
        guard engine.isEstablished else {
            waiting.append((buffer, promise))
            return
        }
        do {
            try engine.write(buffer.readableBytesUInt8Span)
            if !writeCiphertext(context, promise: promise) { promise?.succeed() }
        } catch {
            promise?.fail(error)
            fail(context, error)
        }
    }

    private func writeCiphertext(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) -> Bool {
        ciphertext.clear()
        guard engine.takeCiphertext({ ciphertext.writeBytes($0.bytes) }) else { return false }
        context.write(wrapOutboundOut(ciphertext), promise: promise)
        return true
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        timeout?.cancel()
        engine.shutdown()
        if context.channel.isActive, writeCiphertext(context, promise: nil) { context.flush() }
        context.close(mode: mode, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        isOver = true
        timeout?.cancel()
        for (_, promise) in waiting { promise?.fail(TransportError(.connectionLost, "write")) }
        waiting = []
    }
}
