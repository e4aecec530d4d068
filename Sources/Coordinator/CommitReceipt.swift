import Locks
import ShardProtocol

/// Waits until several shards have made their part durable, or until one of them cannot.
final class CommitReceipt: Sendable {
    private struct State {
        var remaining: Int
        var failure: ShardError?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    /// Awaits a number of parts.
    init(parts: Int) {
        state = Mutex(State(remaining: parts))
    }

    /// One part is durable.
    func fulfil() { update { $0.remaining -= 1 } }

    /// A part cannot be made durable.
    func fail(_ error: ShardError) {
        update {
            $0.remaining = 0
            $0.failure = $0.failure ?? error
        }
    }

    /// Returns when all parts are durable.
    ///
    /// - Throws: the first failure.
    func wait() async throws(ShardError) {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                guard state.remaining > 0 else { return true }
                state.waiter = continuation
                return false
            }
            if ready { continuation.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func update(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            change(&state)
            guard state.remaining <= 0 else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
