import Locks

/// Lets numbered holders through one after another, in the order of their numbers.
final class TurnGate: Sendable {
    private struct State {
        var turn: UInt64
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var skipped: Set<UInt64> = []
    }

    private let state: Mutex<State>

    /// The first number to be let through.
    init(first: UInt64) { state = Mutex(State(turn: first)) }

    /// Waits for its turn.
    func wait(_ number: UInt64) async {
        await withCheckedContinuation { continuation in
            let now = state.withLock { state in
                guard state.turn < number else { return true }
                state.waiting[number] = continuation
                return false
            }
            if now { continuation.resume() }
        }
    }

    /// Ends its turn, or gives it up before it came.
    func pass(_ number: UInt64) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.skipped.insert(number)
            while state.skipped.remove(state.turn) != nil { state.turn += 1 }
            return state.waiting.removeValue(forKey: state.turn)
        }
        next?.resume()
    }
}
