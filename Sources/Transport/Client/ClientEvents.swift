internal import HTTP2

extension ClientHandler: SessionEvents {
    func headReceived(_ head: MessageHead, stream: StreamState, isEnd: Bool) {
        guard let exchange = stream.context as? ClientExchange else { return }
        exchange.response.status = head.status
        exchange.response.headers = HTTPFields(head.fields)
        if case .streamed(let state) = exchange.call.answer {
            state.deliver(.success(HTTPResponseHead(status: head.status, headers: exchange.response.headers)))
        } else if !isEnd, let length = head.fields.integer("content-length") {
            // Trust an announcement only so far: memory is taken when bytes arrive.
            exchange.response.body.reserveCapacity(min(length, 1 << 20))
        }
        if isEnd { complete(exchange, stream) }
    }

    func headTooLarge(stream: StreamState) {}

    func dataReceived(_ bytes: Span<UInt8>, stream: StreamState) {
        guard let session, let exchange = stream.context as? ClientExchange else { return }
        switch exchange.call.answer {
        case .streamed(let state):
            state.body.push(bytes)
        case .gathered:
            session.consume(bytes.count, stream)
            guard exchange.response.body.count + bytes.count <= configuration.maxResponseBytes else {
                give(
                    up: stream,
                    exchange,
                    TransportError(.limitExceeded, "response", "longer than \(configuration.maxResponseBytes) bytes")
                )
                return
            }
            bytes.withUnsafeBufferPointer { exchange.response.body.append(contentsOf: $0) }
        }
    }

    func bodyEnded(trailers: HeaderList, stream: StreamState) {
        guard let exchange = stream.context as? ClientExchange else { return }
        exchange.response.trailers = HTTPFields(trailers)
        complete(exchange, stream)
    }

    func outputTaken(_ count: Int, stream: StreamState) {
        guard let exchange = stream.context as? ClientExchange,
            case .streamed(let state) = exchange.call.answer
        else { return }
        state.flow.drained(count)
    }

    func streamClosed(_ stream: StreamState, code: HTTP2ErrorCode) {
        guard let exchange = stream.context as? ClientExchange, !exchange.isComplete else { return }
        let isRefused = code == .refusedStream
        let error = TransportError(
            isRefused ? .refused : .streamReset,
            "request",
            "\(code)",
            isSafeToRetry: isRefused
        )
        exchange.call.finish(.failure(error))
    }

    func goAwayReceived(lastStream: Int32, code: HTTP2ErrorCode) {
        noteGoAway(lastStream: lastStream)
        slot?.wentAway(self)
    }

    func pingAnswered() {}

    private func complete(_ exchange: ClientExchange, _ stream: StreamState) {
        exchange.isComplete = true
        exchange.call.finish(.success(exchange.response))
        // Answered before it was whole: the rest of the request is of no more use.
        if !stream.isOutputComplete { session?.reset(stream, code: .cancel) }
        if case .streamed(let state) = exchange.call.answer {
            state.flow.fail(TransportError(.streamReset, "write", "the request has been answered"))
        }
    }

    /// Ends a call from this side.
    func give(up stream: StreamState, _ exchange: ClientExchange, _ error: TransportError) {
        exchange.isComplete = true
        exchange.call.finish(.failure(error))
        session?.reset(stream, code: .cancel)
    }
}
