internal import NIOConcurrencyHelpers

/// Counts what a writer has handed over and the wire has not yet taken, and makes the writer wait above a bound.
final class OutboundFlow: Sendable {
    private struct State {
        var pending = 0
        var failure: TransportError?
        var waiter: CheckedContinuation<TransportError?, Never>?
    }

    private let bound: Int
    private let state = NIOLockedValueBox(State())

    init(bound: Int) {
        self.bound = bound
    }

    /// Adds bytes about to be handed over.
    func add(_ count: Int) throws(TransportError) {
        let failure = state.withLockedValue { state in
            state.pending += count
            return state.failure
        }
        if let failure { throw failure }
    }

    /// Suspends while more than the bound is waiting.
    func waitForRoom() async throws(TransportError) {
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<TransportError?, Never>) in
                let ready: TransportError?? = state.withLockedValue { state in
                    if let failure = state.failure { return .some(failure) }
                    guard state.pending >= bound else { return .some(nil) }
                    guard state.waiter == nil else {
                        return .some(TransportError(.protocolViolation, "write", "two writers on one stream"))
                    }
                    state.waiter = continuation
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            fail(TransportError(.cancelled, "write"))
        }
        if let failure { throw failure }
    }

    /// The wire took bytes; wakes the writer at half of the bound, so that it wakes once for a good piece of work.
    func drained(_ count: Int) {
        let waiter = state.withLockedValue { state -> CheckedContinuation<TransportError?, Never>? in
            state.pending -= count
            guard state.pending <= bound / 2 else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    /// No byte will be taken any more; the first reason stays.
    func fail(_ error: TransportError) {
        let waiter = state.withLockedValue { state -> CheckedContinuation<TransportError?, Never>? in
            if state.failure == nil { state.failure = error }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: error)
    }
}
