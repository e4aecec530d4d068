/// A request that is written and an answer that is read piece by piece, over one stream.
///
/// A stream that is let go before its end is reset.
public final class HTTPClientStream: Sendable {
    private let call: ClientCall
    private let state: ClientStreamState
    private let mailbox: CommandMailbox<ClientCommand>

    init(call: ClientCall, state: ClientStreamState, mailbox: CommandMailbox<ClientCommand>) {
        self.call = call
        self.state = state
        self.mailbox = mailbox
    }

    deinit {
        if !call.isOver { mailbox.post(.cancel(call, TransportError(.cancelled, "request", "the stream was let go"))) }
    }

    /// The body of the answer.
    public var body: HTTPBodyStream { state.body }

    /// Sends a piece of the request's body; waits while the server does not take what was written before.
    ///
    /// - Throws: why the request ended; `streamReset` when the server answered before reading everything.
    public func write(_ bytes: [UInt8]) async throws(TransportError) {
        guard !bytes.isEmpty else { return }
        try state.flow.add(bytes.count)
        mailbox.post(.data(call, bytes))
        try await state.flow.waitForRoom()
    }

    /// Ends the request's body.
    public func finish() {
        mailbox.post(.end(call))
    }

    /// Waits for status and header fields of the answer.
    ///
    /// - Throws: what `HTTPClient.send` throws.
    public func response() async throws(TransportError) -> HTTPResponseHead {
        let result = await withTaskCancellationHandler {
            await state.waitForHead()
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Gives the request up: the stream is reset.
    public func cancel() {
        mailbox.post(.cancel(call, TransportError(.cancelled, "request")))
    }

    func start(with bytes: [UInt8]) {
        try? state.flow.add(bytes.count)
        mailbox.post(.data(call, bytes))
    }
}
