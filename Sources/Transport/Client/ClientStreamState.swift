internal import NIOConcurrencyHelpers

/// What a streamed request shares between its caller and its event loop.
final class ClientStreamState: Sendable {
    private struct State {
        var head: Result<HTTPResponseHead, TransportError>?
        var waiters: [CheckedContinuation<Result<HTTPResponseHead, TransportError>, Never>] = []
    }

    let body: HTTPBodyStream
    let flow: OutboundFlow
    private let state = NIOLockedValueBox(State())

    init(body: HTTPBodyStream, flow: OutboundFlow) {
        self.body = body
        self.flow = flow
    }

    /// The head of the answer has arrived, or never will; the first call counts.
    func deliver(_ head: Result<HTTPResponseHead, TransportError>) {
        let waiters = state.withLockedValue { state in
            guard state.head == nil else {
                return [CheckedContinuation<Result<HTTPResponseHead, TransportError>, Never>]()
            }
            state.head = head
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: head) }
    }

    /// Waits for the head of the answer.
    func waitForHead() async -> Result<HTTPResponseHead, TransportError> {
        await withCheckedContinuation { continuation in
            let ready = state.withLockedValue { state in
                if state.head == nil { state.waiters.append(continuation) }
                return state.head
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Nothing more will come or be taken.
    func fail(_ error: TransportError) {
        deliver(.failure(error))
        body.finish(.failure(error))
        flow.fail(error)
    }
}
