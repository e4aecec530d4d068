import Coordinator
import Locks

/// The first of an answer and the end of a client's patience.
final class SimulatedReply: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<[SubmissionOutcome]?, Never>)
        case given([SubmissionOutcome]?)
    }

    private let state = Mutex(State.open)

    /// Gives the answer, or `nil` when patience ends; whatever comes second is dropped.
    func give(_ outcomes: [SubmissionOutcome]?) {
        let waiter = state.withLock { state -> CheckedContinuation<[SubmissionOutcome]?, Never>? in
            switch state {
            case .open:
                state = .given(outcomes)
                return nil
            case .waiting(let waiter):
                state = .given(outcomes)
                return waiter
            case .given: return nil
            }
        }
        waiter?.resume(returning: outcomes)
    }

    /// Waits for whatever comes first; called once.
    func wait() async -> [SubmissionOutcome]? {
        await withCheckedContinuation { continuation in
            let given = state.withLock { state -> [SubmissionOutcome]?? in
                if case .given(let outcomes) = state { return .some(outcomes) }
                state = .waiting(continuation)
                return nil
            }
            if let given { continuation.resume(returning: given) }
        }
    }
}
