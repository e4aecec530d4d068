import Locks

/// What one caller handed in, perhaps in several units, and the answers as they come.
final class HandIn: Sendable {
    private struct State {
        var answers: [[WriteOutcome]?]
        var missing: Int
        var waiter: CheckedContinuation<[WriteOutcome], Never>?
    }

    private let state: Mutex<State>

    init(units: Int, waiter: CheckedContinuation<[WriteOutcome], Never>) {
        state = Mutex(State(answers: Array(repeating: nil, count: units), missing: units, waiter: waiter))
    }

    /// Answers a unit, unless it has been answered before; the last one answers the caller.
    func answer(_ unit: Int, _ outcomes: [WriteOutcome]) {
        let done = state.withLock { state -> (CheckedContinuation<[WriteOutcome], Never>, [WriteOutcome])? in
            guard state.answers[unit] == nil else { return nil }
            state.answers[unit] = outcomes
            state.missing -= 1
            guard state.missing == 0, let waiter = state.waiter.take() else { return nil }
            return (waiter, state.answers.flatMap { $0 ?? [] })
        }
        if let (waiter, outcomes) = done { waiter.resume(returning: outcomes) }
    }
}
