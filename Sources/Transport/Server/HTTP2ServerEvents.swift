internal import HTTP2
internal import NIOCore

extension HTTP2ServerHandler: SessionEvents {
    func headReceived(_ head: MessageHead, stream: StreamState, isEnd: Bool) {
        guard let session else { return }
        guard session.pendingOutput <= server.limits.maxPendingOutputPerConnection else {
            session.reset(stream, code: .refusedStream)
            return
        }
        let requestHead = HTTPRequestHead(
            method: head.method,
            path: head.path,
            authority: head.authority.isEmpty ? head.fields["host"] ?? "" : head.authority,
            headers: HTTPFields(head.fields),
            version: .http2,
            peer: peer
        )
        let handle = StreamHandle(mailbox: mailbox, stream: stream.id)
        let exchange = ServerExchange(head: requestHead, handle: handle, now: now)
        stream.context = exchange
        if !isEnd, head.fields.contains("expect"), head.fields["expect"] == "100-continue" {
            try? session.sendContinue(stream)
        }
        if !exchange.begin(server.application, isEnd: isEnd, limits: server.limits) {
            refuse(stream, exchange, WireAnswer.bodyTooLarge)
        }
    }

    func headTooLarge(stream: StreamState) {
        let head = HTTPRequestHead(method: "", path: "", peer: peer)
        let handle = StreamHandle(mailbox: mailbox, stream: stream.id)
        let exchange = ServerExchange(head: head, handle: handle, now: now)
        stream.context = exchange
        refuse(stream, exchange, WireAnswer.headerTooLarge)
    }

    func dataReceived(_ bytes: Span<UInt8>, stream: StreamState) {
        guard let session, let exchange = stream.context as? ServerExchange else {
            session?.consume(bytes.count, stream)
            return
        }
        let before = exchange.gatheredBytes
        switch exchange.receive(bytes, now: now) {
        case .taken:
            session.consume(bytes.count, stream)
            gatheredBytes += exchange.gatheredBytes - before
            if gatheredBytes > server.limits.maxGatheredBytesPerConnection {
                refuse(stream, exchange, WireAnswer.overloaded)
            }
        case .held:
            break
        case .tooLarge:
            session.consume(bytes.count, stream)
            refuse(stream, exchange, WireAnswer.bodyTooLarge)
        }
    }

    func bodyEnded(trailers: HeaderList, stream: StreamState) {
        guard let exchange = stream.context as? ServerExchange else { return }
        gatheredBytes -= exchange.gatheredBytes
        exchange.endBody(server.application, trailers: HTTPFields(trailers))
    }

    func outputTaken(_ count: Int, stream: StreamState) {
        guard let exchange = stream.context as? ServerExchange else { return }
        exchange.lastOutput = now
        exchange.flow?.drained(count)
        endEarlyAnswer(stream, exchange)
    }

    func streamClosed(_ stream: StreamState, code: HTTP2ErrorCode) {
        guard let exchange = stream.context as? ServerExchange else { return }
        gatheredBytes -= exchange.gatheredBytes
        exchange.close(TransportError(.streamReset, "request", "\(code)"))
    }

    func goAwayReceived(lastStream: Int32, code: HTTP2ErrorCode) {}

    func pingAnswered() {
        if drain == .announced { refuseNewStreams() }
    }

    /// Answers in the handler's place.
    func refuse(_ stream: StreamState, _ exchange: ServerExchange, _ response: HTTPResponse) {
        gatheredBytes -= exchange.gatheredBytes
        exchange.close(TransportError(.limitExceeded, "request"))
        answer(stream, exchange, response)
    }

    func answer(_ stream: StreamState, _ exchange: ServerExchange, _ response: HTTPResponse) {
        guard !exchange.isAnswered, let session else { return }
        exchange.isAnswered = true
        exchange.isFinished = true
        exchange.lastOutput = now
        do {
            try session.respond(
                stream,
                status: response.status,
                fields: server.outgoing(response.headers).list,
                body: response.body,
                isHeadRequest: exchange.head.method == "HEAD"
            )
        } catch {
            session.reset(stream, code: .internalError)
        }
        endEarlyAnswer(stream, exchange)
    }

    /// Tells a client that still sends a body after its answer that nobody reads it (RFC 9113 8.1).
    private func endEarlyAnswer(_ stream: StreamState, _ exchange: ServerExchange) {
        guard exchange.isFinished, exchange.isReceiving, stream.isOutputComplete else { return }
        session?.reset(stream, code: .noError)
    }
}

extension HTTP2ServerHandler: CommandTarget {
    func perform(_ command: ServerCommand) {
        guard let session, let stream = session.stream(command.stream),
            let exchange = stream.context as? ServerExchange
        else { return }
        switch command.action {
        case .respond(let response):
            answer(stream, exchange, response)
        case .head(let head):
            begin(stream, exchange, head)
        case .data(let bytes):
            guard exchange.isAnswered, !exchange.isFinished else { return }
            if stream.pendingOutput == 0 { exchange.lastOutput = .now() }
            if exchange.head.method == "HEAD" {
                exchange.flow?.drained(bytes.count)
            } else {
                session.send(bytes, stream)
            }
        case .end:
            guard exchange.isAnswered, !exchange.isFinished else { return }
            exchange.isFinished = true
            session.end(stream)
        case .consumed(let count):
            session.consume(count, stream)
        case .abort:
            guard !exchange.isFinished else { return }
            exchange.isFinished = true
            session.reset(stream, code: .internalError)
        }
    }

    func commandsDone() {
        flush()
    }

    private func begin(_ stream: StreamState, _ exchange: ServerExchange, _ head: HTTPResponseHead) {
        guard !exchange.isAnswered, let session else { return }
        exchange.isAnswered = true
        exchange.lastOutput = .now()
        do {
            try session.begin(stream, status: head.status, fields: server.outgoing(head.headers).list)
        } catch {
            session.reset(stream, code: .internalError)
        }
    }
}
