internal import HTTP2
internal import NIOCore
internal import NIOConcurrencyHelpers

/// One request on its way: made by the caller's task, worked on by the event loop of its connection.
final class ClientCall: Sendable {
    /// Where the answer goes.
    enum Answer: Sendable {
        /// To a caller that wants it whole.
        case gathered(@Sendable (Result<HTTPResponse, TransportError>) -> Void)
        /// To a caller that reads it as it arrives, and writes the body as it makes it.
        case streamed(ClientStreamState)
    }

    private struct State {
        var connection = 0
        var stream: Int32 = 0
        var isOver = false
        /// Of a streamed body: what was written before the request had a stream.
        var early: [[UInt8]] = []
        var hasEndedEarly = false
    }

    let head: MessageHead
    let body: [UInt8]
    let deadline: NIODeadline
    let answer: Answer
    private let state = NIOLockedValueBox(State())

    init(head: MessageHead, body: [UInt8], deadline: NIODeadline, answer: Answer) {
        self.head = head
        self.body = body
        self.deadline = deadline
        self.answer = answer
    }

    /// Whether the caller no longer waits.
    var isOver: Bool { state.withLockedValue { $0.isOver } }

    /// The connection and stream it travels on; nil while it waits.
    var position: (connection: Int, stream: Int32)? {
        state.withLockedValue { $0.stream == 0 ? nil : ($0.connection, $0.stream) }
    }

    /// Puts the call on a stream; gives what was written before.
    func depart(connection: Int, stream: Int32) -> (early: [[UInt8]], hasEnded: Bool) {
        state.withLockedValue { state in
            state.connection = connection
            state.stream = stream
            defer { state.early = [] }
            return (state.early, state.hasEndedEarly)
        }
    }

    /// Keeps a piece of a body until the call has a stream.
    func keep(_ bytes: [UInt8]) {
        state.withLockedValue { $0.early.append(bytes) }
    }

    /// Notes that the body ended before the call had a stream.
    func keepEnd() {
        state.withLockedValue { $0.hasEndedEarly = true }
    }

    /// Ends the call, if nothing has ended it before; true when this was the end.
    @discardableResult
    func finish(_ result: Result<HTTPResponse, TransportError>) -> Bool {
        let isFirst = state.withLockedValue { state in
            defer { state.isOver = true }
            return !state.isOver
        }
        guard isFirst else { return false }
        switch answer {
        case .gathered(let resume): resume(result)
        case .streamed(let stream):
            switch result {
            case .success(let response): stream.body.finish(.success(()), trailers: response.trailers)
            case .failure(let error): stream.fail(error)
            }
        }
        return true
    }
}
