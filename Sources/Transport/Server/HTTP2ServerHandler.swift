internal import HTTP2
internal import Logging
internal import NIOCore

/// Puts a `ServerSession` on a channel: bytes in, exchanges out, one write for each batch of reads or commands.
///
/// Everything here runs on the channel's event loop.
final class HTTP2ServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// One write takes about this much: enough to make the system call cheap, little enough to stay in the cache.
    static let writeBytes = 60 << 10

    let server: ServerContext
    let peer: PeerInfo
    let mailbox: CommandMailbox<ServerCommand>
    var session: ServerSession?
    var context: ChannelHandlerContext?
    var outgoing = ByteBuffer()
    var now = NIODeadline.now()
    var lastRead = NIODeadline.now()
    var lastWritable = NIODeadline.now()
    var gatheredBytes = 0
    var isReading = false
    var isClosing = false
    var pingSince: NIODeadline?
    var drain = DrainPhase.none
    var partialHead: (stream: Int32, since: NIODeadline)?
    var ticker: RepeatedTask?

    /// How far a graceful end has come: announce, one round trip later refuse, then the open streams end by themselves.
    enum DrainPhase { case none, announced, refusing }

    init(server: ServerContext, peer: PeerInfo, eventLoop: any EventLoop) {
        self.server = server
        self.peer = peer
        mailbox = CommandMailbox(eventLoop: eventLoop)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        mailbox.attach(self)
        do {
            session = try ServerSession(limits: SessionLimits(server.limits), events: self)
        } catch {
            server.logger.error("cannot open an HTTP/2 session", metadata: ["error": "\(error)"])
            context.close(promise: nil)
            return
        }
        let box = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: server.tick, delay: server.tick) { _ in
            box.value.checkTimes()
        }
        flush()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ticker?.cancel()
        mailbox.detach()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing, let session else { return }
        let buffer = unwrapInboundIn(data)
        now = .now()
        lastRead = now
        pingSince = nil
        isReading = true
        do {
            try session.receive(buffer.readableBytesUInt8Span)
        } catch {
            fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            lastWritable = .now()
            flush()
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticker?.cancel()
        closeExchanges(TransportError(.connectionLost, "request", "the client closed the connection"))
        session = nil
        mailbox.detach()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        server.logger.debug("connection failed", metadata: ["peer": "\(peer.address)", "error": "\(error)"])
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is DrainEvent: beginDrain()
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
                hasMore = try session.drain(bound: Self.writeBytes) { outgoing.writeBytes($0.bytes) }
                guard outgoing.readableBytes > 0 else { break }
                context.write(wrapOutboundOut(outgoing), promise: nil)
                hasWritten = true
            }
        } catch {
            isClosing = true
            server.logger.debug("session failed", metadata: ["peer": "\(peer.address)", "error": "\(error)"])
        }
        if hasWritten { context.flush() }
        if isClosing || !session.isAlive {
            isClosing = true
            context.close(promise: nil)
        }
    }

    /// The session is broken: what it still has to say (GOAWAY) goes out, then the connection ends.
    private func fail(_ error: HTTP2Error) {
        server.logger.debug("protocol error", metadata: ["peer": "\(peer.address)", "error": "\(error)"])
        isReading = false
        isClosing = true
        session?.terminate(code: error.code == .flooded ? .enhanceYourCalm : .protocolError)
        flush()
    }

    func closeExchanges(_ error: TransportError) {
        guard let session else { return }
        for stream in session.streams {
            (stream.context as? ServerExchange)?.close(error)
        }
    }
}
