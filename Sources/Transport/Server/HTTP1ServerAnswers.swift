internal import HTTP2
internal import NIOCore
internal import NIOHTTP1

/// The answers of an HTTP/1.1 connection.
extension HTTP1ServerHandler: CommandTarget {
    func perform(_ command: ServerCommand) {
        guard command.stream == number, let exchange else { return }
        switch command.action {
        case .respond(let response): answer(exchange, response)
        case .head(let head): start(exchange, head)
        case .data(let bytes): send(exchange, bytes)
        case .end: end(exchange)
        case .consumed(let count):
            unread -= min(count, unread)
            readIfWanted()
        case .abort:
            guard !exchange.isFinished else { return }
            // The only way to tell an HTTP/1.1 client that an answer is not whole is to cut it off.
            isClosing = true
            context?.close(promise: nil)
        }
    }

    func commandsDone() {
        context?.flush()
    }

    func answer(_ exchange: ServerExchange, _ response: HTTPResponse) {
        guard !exchange.isAnswered else { return }
        exchange.isAnswered = true
        exchange.isFinished = true
        let forbidsBody = response.status == 204 || response.status == 304
        var length: Int?
        if !forbidsBody { length = response.body.count }
        if exchange.isReceiving { isKeptAlive = false }
        writeHead(exchange, response.status, response.headers, length: length)
        if !response.body.isEmpty, !forbidsBody, exchange.head.method != "HEAD" {
            write(.body(.byteBuffer(ByteBuffer(bytes: response.body))))
        }
        write(.end(nil))
        context?.flush()
        finishIfComplete()
    }

    private func start(_ exchange: ServerExchange, _ head: HTTPResponseHead) {
        guard !exchange.isAnswered else { return }
        exchange.isAnswered = true
        // HTTP/1.0 knows no chunks: the end of such a body is the end of the connection.
        if !isChunked, !head.headers.contains("content-length") { isKeptAlive = false }
        writeHead(exchange, head.status, head.headers, length: nil)
    }

    private func send(_ exchange: ServerExchange, _ bytes: [UInt8]) {
        guard exchange.isAnswered, !exchange.isFinished, let context else { return }
        let flow = exchange.flow
        guard exchange.head.method != "HEAD" else {
            flow?.drained(bytes.count)
            return
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        let count = bytes.count
        promise.futureResult.whenComplete { _ in flow?.drained(count) }
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: promise)
    }

    private func end(_ exchange: ServerExchange) {
        guard exchange.isAnswered, !exchange.isFinished else { return }
        exchange.isFinished = true
        if exchange.isReceiving { isKeptAlive = false }
        write(.end(nil))
        context?.flush()
        finishIfComplete()
    }

    private func writeHead(_ exchange: ServerExchange, _ status: Int, _ headers: HTTPFields, length: Int?) {
        let headers = server.outgoing(headers)
        var fields = HTTPHeaders()
        fields.reserveCapacity(headers.count + 2)
        for (name, value) in headers { fields.add(name: name, value: value) }
        if let length, !headers.contains("content-length") { fields.add(name: "content-length", value: "\(length)") }
        if !isKeptAlive {
            fields.replaceOrAdd(name: "connection", value: "close")
        } else if !isChunked {
            fields.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        write(.head(HTTPResponseHead1(version: .http1_1, status: .init(statusCode: status), headers: fields)))
    }

    private func write(_ part: HTTPServerResponsePart) {
        context?.write(wrapOutboundOut(part), promise: nil)
    }

    /// Answers a request of which not even the head is valid.
    func answerAndClose(_ response: HTTPResponse) {
        number &+= 1
        let handle = StreamHandle(mailbox: mailbox, stream: number)
        let head = HTTPRequestHead(method: "", path: "", version: .http1, peer: peer)
        let exchange = ServerExchange(head: head, handle: handle, now: .now())
        self.exchange = exchange
        isKeptAlive = false
        answer(exchange, response)
    }

    /// Goes on to the next request when both sides of this one are complete; closes when there is to be none.
    func finishIfComplete() {
        guard let exchange, exchange.isFinished else { return }
        guard !exchange.isReceiving else {
            // Closing now could destroy the answer before the client has read it: its sending goes on a little.
            if closingSince == nil { closingSince = .now() }
            return
        }
        exchange.close(TransportError(.closed, "request", "already answered"))
        self.exchange = nil
        unread = 0
        guard isKeptAlive, !isDraining else {
            isClosing = true
            context?.close(promise: nil)
            return
        }
        partialSince = nil
        takeAhead()
    }

    // MARK: Time limits

    func checkTimes() {
        guard let context else { return }
        let now = NIODeadline.now()
        if context.channel.isWritable {
            lastWritable = now
        } else if lastWritable.isOlder(than: server.limits.writeTimeout, at: now) {
            context.close(promise: nil)
            return
        }
        if let closingSince, closingSince.isOlder(than: Self.linger, at: now) {
            isClosing = true
            context.close(promise: nil)
            return
        }
        if let exchange {
            check(exchange, now)
        } else if let partialSince, partialSince.isOlder(than: server.limits.handshakeTimeout, at: now) {
            answerAndClose(WireAnswer.timeout)
        } else if partialSince == nil, lastRead.isOlder(than: server.limits.idleTimeout, at: now) {
            context.close(promise: nil)
        }
    }

    private func check(_ exchange: ServerExchange, _ now: NIODeadline) {
        guard !exchange.isAnswered, case .gathering = exchange.intake,
            exchange.lastInput.isOlder(than: server.limits.bodyTimeout, at: now)
        else { return }
        refuse(exchange, WireAnswer.timeout)
    }
}
