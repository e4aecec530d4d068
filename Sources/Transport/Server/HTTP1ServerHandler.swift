internal import HTTP2
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Answers the requests of an HTTP/1.1 connection, one after the other.
///
/// Requests sent ahead wait in the channel: nothing more is read while one is being answered.
final class HTTP1ServerHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a client that was answered early may go on sending before the connection is closed under it.
    static let linger = Duration.seconds(2)

    let server: ServerContext
    let peer: PeerInfo
    let mailbox: CommandMailbox<ServerCommand>
    var context: ChannelHandlerContext?
    var exchange: ServerExchange?
    var number: Int32 = 0
    var isKeptAlive = true
    var isDraining = false
    var isClosing = false
    var isChunked = false
    /// Bytes of a streamed body that its reader has not taken.
    var unread = 0
    var wantsRead = false
    /// Parts of later requests that were decoded while one was being answered.
    var ahead: [HTTPServerRequestPart] = []
    var lastRead = NIODeadline.now()
    var lastWritable = NIODeadline.now()
    /// When the first bytes of a head that is not complete arrived.
    var partialSince: NIODeadline?
    /// Whether the current read completed any part of a message.
    var hasDecoded = false
    var closingSince: NIODeadline?
    var ticker: RepeatedTask?

    init(server: ServerContext, peer: PeerInfo, eventLoop: any EventLoop) {
        self.server = server
        self.peer = peer
        mailbox = CommandMailbox(eventLoop: eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        mailbox.attach(self)
        let box = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: server.tick, delay: server.tick) { _ in
            box.value.checkTimes()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ticker?.cancel()
        mailbox.detach()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticker?.cancel()
        exchange?.close(TransportError(.connectionLost, "request", "the client closed the connection"))
        exchange = nil
        mailbox.detach()
        context.fireChannelInactive()
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        lastRead = .now()
        hasDecoded = true
        guard !isClosing else { return }
        if ahead.isEmpty, accepts(part) {
            take(part)
        } else {
            ahead.append(part)
        }
    }

    /// Whether a part belongs to the open request, or may open the next one.
    private func accepts(_ part: HTTPServerRequestPart) -> Bool {
        if case .head = part { exchange == nil } else { true }
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let buffer): receive(buffer)
        case .end(let trailers): endBody(trailers)
        }
    }

    /// Goes on with what was decoded ahead, once an answer is complete.
    func takeAhead() {
        while !isClosing, let part = ahead.first, accepts(part) {
            ahead.removeFirst()
            take(part)
        }
        readIfWanted()
    }

    private func begin(_ head: HTTPRequestHead1) {
        partialSince = nil
        number &+= 1
        isKeptAlive = head.isKeepAlive && !isDraining
        isChunked = head.version.minor > 0
        let requestHead = HTTPRequestHead(head, peer: peer)
        let handle = StreamHandle(mailbox: mailbox, stream: number)
        let exchange = ServerExchange(head: requestHead, handle: handle, now: lastRead)
        self.exchange = exchange
        guard isValid(head) else {
            refuse(exchange, WireAnswer.badRequest)
            return
        }
        let announced = head.headers.first(name: "content-length").flatMap(Int.init) ?? 0
        let hasBody = announced > 0 || head.headers.contains(name: "transfer-encoding")
        guard exchange.begin(server.application, isEnd: false, limits: server.limits) else {
            refuse(exchange, WireAnswer.bodyTooLarge)
            return
        }
        if hasBody, requestHead.headers["expect"]?.lowercased() == "100-continue", !exchange.isAnswered {
            context?.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead1(version: .http1_1, status: .continue))),
                promise: nil
            )
        }
    }

    /// RFC 9112 3.2: HTTP/1.1 needs exactly one `Host`; a target is a path, an absolute URI or `*`.
    private func isValid(_ head: HTTPRequestHead1) -> Bool {
        let hosts = head.headers[canonicalForm: "host"].count
        guard head.version.major == 1, hosts == 1 || head.version.minor == 0 && hosts < 2 else { return false }
        return head.uri.hasPrefix("/") || head.uri == "*" || head.uri.contains("://")
    }

    private func receive(_ buffer: ByteBuffer) {
        guard let exchange else { return }
        switch exchange.receive(buffer.readableBytesUInt8Span, now: lastRead) {
        case .taken: break
        case .held: unread += buffer.readableBytes
        case .tooLarge: refuse(exchange, WireAnswer.bodyTooLarge)
        }
    }

    private func endBody(_ trailers: HTTPHeaders?) {
        guard let exchange else { return }
        var fields = HTTPFields()
        for (name, value) in trailers ?? [:] { fields.add(name, value) }
        exchange.endBody(server.application, trailers: fields)
        finishIfComplete()
    }

    func refuse(_ exchange: ServerExchange, _ response: HTTPResponse) {
        exchange.close(TransportError(.limitExceeded, "request"))
        isKeptAlive = false
        answer(exchange, response)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, !isClosing else {
            server.logger.debug("connection failed", metadata: ["peer": "\(peer.address)", "error": "\(error)"])
            context.close(promise: nil)
            return
        }
        let response = error == .headerOverflow ? WireAnswer.headerTooLarge : WireAnswer.badRequest
        if let exchange, exchange.isReceiving {
            refuse(exchange, response)
        } else if exchange != nil {
            // The request being answered is whole; what follows it is not. The answer goes out, then the end.
            isKeptAlive = false
        } else {
            answerAndClose(response)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is DrainEvent:
            isDraining = true
            isKeptAlive = false
            if exchange == nil { context.close(promise: nil) }
        case ChannelEvent.inputClosed:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Backpressure

    func read(context: ChannelHandlerContext) {
        // Nothing is read past a window of unread body, nor past a few requests sent ahead.
        if unread >= server.limits.streamWindow || ahead.count > 64 {
            wantsRead = true
        } else {
            context.read()
        }
    }

    func readIfWanted() {
        guard wantsRead, unread < server.limits.streamWindow / 2, ahead.count <= 64 else { return }
        wantsRead = false
        context?.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        lastRead = .now()
        // Bytes that complete nothing are the beginning of a head.
        if exchange == nil, !hasDecoded, partialSince == nil { partialSince = lastRead }
        hasDecoded = false
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        lastWritable = .now()
        context.fireChannelWritabilityChanged()
    }
}
