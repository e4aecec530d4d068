internal import NIOConcurrencyHelpers

/// Joins an answer with the task that waits for it, whichever comes first.
final class CallPromise: Sendable {
    private struct State {
        var result: Result<HTTPResponse, TransportError>?
        var continuation: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>?
    }

    private let state = NIOLockedValueBox(State())

    /// Names who waits.
    func attach(_ continuation: CheckedContinuation<Result<HTTPResponse, TransportError>, Never>) {
        let result = state.withLockedValue { state in
            if state.result == nil { state.continuation = continuation }
            return state.result
        }
        if let result { continuation.resume(returning: result) }
    }

    /// Gives the answer; once.
    func resolve(_ result: Result<HTTPResponse, TransportError>) {
        let continuation = state.withLockedValue { state in
            defer { state.continuation = nil }
            if state.continuation == nil { state.result = result }
            return state.continuation
        }
        continuation?.resume(returning: result)
    }
}
