internal import NIOConcurrencyHelpers

/// Writes a response piece by piece: `start`, any number of `write`, `finish`.
public final class HTTPResponseWriter: Sendable {
    private enum Phase { case idle, started, finished }

    private let handle: StreamHandle
    private let flow: OutboundFlow
    private let phase = NIOLockedValueBox(Phase.idle)

    init(handle: StreamHandle, flow: OutboundFlow) {
        self.handle = handle
        self.flow = flow
    }

    /// Sends status and header fields; once, before any `write`.
    public func start(status: Int, headers: HTTPFields = HTTPFields()) throws(TransportError) {
        try advance(from: .idle, to: .started, "start")
        try flow.add(0)
        handle.post(.head(HTTPResponseHead(status: status, headers: headers)))
    }

    /// Sends a piece of the body; waits while the client does not read what was written before.
    public func write(_ bytes: [UInt8]) async throws(TransportError) {
        try advance(from: .started, to: .started, "write")
        guard !bytes.isEmpty else { return }
        try flow.add(bytes.count)
        handle.post(.data(bytes))
        try await flow.waitForRoom()
    }

    /// Ends the response.
    public func finish() throws(TransportError) {
        try advance(from: .started, to: .finished, "finish")
        try flow.add(0)
        handle.post(.end)
    }

    /// Sends a whole response in place of `start`, `write` and `finish`.
    public func send(_ response: HTTPResponse) async throws(TransportError) {
        try advance(from: .idle, to: .finished, "send")
        try flow.add(0)
        handle.post(.respond(response))
    }

    /// Gives the response up: the client sees a reset stream, or a connection that ends early.
    public func abort() {
        let wasOpen = phase.withLockedValue { phase in
            defer { phase = .finished }
            return phase != .finished
        }
        if wasOpen { handle.post(.abort) }
    }

    private func advance(from: Phase, to: Phase, _ operation: String) throws(TransportError) {
        let isAllowed = phase.withLockedValue { phase in
            guard phase == from else { return false }
            phase = to
            return true
        }
        if !isAllowed {
            throw TransportError(
                .protocolViolation,
                operation,
                "out of order: start, write, finish, each response once"
            )
        }
    }
}
