internal import HTTP2
internal import NIOCore

/// Puts a `ClientSession` on a channel; owned by a `ClientSlot`, which gives it calls.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Which of its slot's connections this is.
    let number: Int
    let configuration: HTTPClientConfiguration
    /// Held until the connection has ended, so that a client let go without `close` still ends in order.
    private(set) var slot: ClientSlot?
    var session: ClientSession?
    private var context: ChannelHandlerContext?
    private var outgoing = ByteBuffer()
    private var isReading = false
    private var isClosing = false
    private var lastRead = NIODeadline.now()
    private var pingSince: NIODeadline?
    /// The last stream the server will answer, once it has said so.
    private(set) var lastAccepted: Int32?

    init(number: Int, configuration: HTTPClientConfiguration, slot: ClientSlot) {
        self.number = number
        self.configuration = configuration
        self.slot = slot
    }

    /// Whether new requests may be given to it.
    var isUsable: Bool { session != nil && !isClosing && lastAccepted == nil }

    /// Whether another stream may be opened now.
    var hasRoom: Bool {
        guard let session else { return false }
        return session.streamCount < session.maxConcurrentStreams
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// Begins the session: the channel is connected and, under TLS, agreed on `h2`.
    func open() throws(HTTP2Error) {
        var limits = SessionLimits()
        limits.maxHeaderBytes = configuration.maxHeaderBytes
        limits.maxHeaderFieldBytes = configuration.maxHeaderBytes
        limits.streamWindow = configuration.streamWindow
        limits.connectionWindow = configuration.connectionWindow
        session = try ClientSession(limits: limits, events: self)
        lastRead = .now()
        flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing, let session else { return }
        let buffer = unwrapInboundIn(data)
        lastRead = .now()
        pingSince = nil
        isReading = true
        do {
            try session.receive(buffer.readableBytesUInt8Span)
        } catch {
            isReading = false
            fail(TransportError(.protocolViolation, error.operation, error.detail))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        slot?.roomMade()
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(TransportError(.connectionLost, "request", "the server closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error as? TransportError ?? TransportError(.connectionLost, "request", "\(error)"))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let established as TLSEstablished: slot?.established(self, established)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Output

    /// Writes what the session has, as long as the channel takes it; closes when the session is over.
    func flush() {
        guard !isReading, let context, let session else { return }
        var hasWritten = false
        var hasMore = true
        do {
            while hasMore, context.channel.isWritable {
                outgoing.clear()
                hasMore = try session.drain(bound: HTTP2ServerHandler.writeBytes) { outgoing.writeBytes($0.bytes) }
                guard outgoing.readableBytes > 0 else { break }
                context.write(wrapOutboundOut(outgoing), promise: nil)
                hasWritten = true
            }
        } catch {
            fail(TransportError(.protocolViolation, error.operation, error.detail))
            return
        }
        if hasWritten { context.flush() }
        if !session.isAlive { context.close(promise: nil) }
    }

    /// The connection is of no more use: every call on it ends with the error.
    func fail(_ error: TransportError) {
        guard !isClosing else { return }
        isClosing = true
        end(error)
        context?.close(promise: nil)
    }

    private func end(_ error: TransportError) {
        isClosing = true
        let session = session
        self.session = nil
        defer {
            slot?.ended(self, error)
            slot = nil
        }
        guard let session else { return }
        for stream in session.streams {
            guard let exchange = stream.context as? ClientExchange else { continue }
            var error = error
            // The server said that it ignored what came after the last stream it accepted.
            error.isSafeToRetry = lastAccepted.map { stream.id > $0 } ?? false
            if error.isSafeToRetry { error.code = .refused }
            exchange.call.finish(.failure(error))
        }
    }

    // MARK: Calls

    /// Sends a request on a new stream.
    func submit(_ call: ClientCall) {
        guard let session else { return }
        do {
            let stream: StreamState
            if case .streamed = call.answer {
                stream = try session.begin(call.head)
            } else {
                stream = try session.request(call.head, body: call.body)
            }
            stream.context = ClientExchange(call: call)
            let written = call.depart(connection: number, stream: stream.id)
            for bytes in written.early { session.send(bytes, stream) }
            if written.hasEnded { session.end(stream) }
        } catch {
            call.finish(.failure(TransportError(.refused, "request", error.detail, isSafeToRetry: true)))
            // Stream numbers are used up after a billion requests: another connection starts anew.
            goAway()
        }
    }

    /// Finishes what is open, then closes.
    func goAway() {
        if lastAccepted == nil { lastAccepted = .max }
        session?.goAway()
        flush()
    }

    /// Asks a silent server whether it lives while calls wait for it; gives it up when it does not answer.
    func checkLiveness(now: NIODeadline) {
        guard let session else { return }
        if let pingSince {
            // Also when nobody waits any more: the next call would be the one to find out.
            if pingSince.isOlder(than: configuration.livenessTimeout, at: now) {
                fail(TransportError(.connectionLost, "request", "the server does not answer"))
            }
        } else if session.streamCount > 0, lastRead.isOlder(than: configuration.livenessInterval, at: now) {
            askWhetherAlive(now: now)
        }
    }

    /// Asks the server for a sign of life, unless it has been asked already.
    func askWhetherAlive(now: NIODeadline) {
        guard pingSince == nil, isUsable, let session else { return }
        pingSince = now
        session.ping()
        flush()
    }

    func noteGoAway(lastStream: Int32) {
        lastAccepted = min(lastStream, lastAccepted ?? .max)
    }
}
