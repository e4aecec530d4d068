import Locks
import ShardProtocol

/// Whether a coordinator still lives: once killed, nothing of it reaches a shard and nobody hears from it.
///
/// It may be doomed to die with one of its commit messages, which is how a crash gets between an intent and its parts,
/// between two parts, and into the middle of a recovery.
final class CoordinatorLife: Sendable {
    private struct State {
        var alive = true
        var commitsLeft: Int?
    }

    private let state: Mutex<State>

    /// Begins a life.
    ///
    /// - Parameter commits: how many commit messages are sent before it ends; `nil` for any number.
    init(commits: Int? = nil) { state = Mutex(State(commitsLeft: commits)) }

    var isAlive: Bool { state.withLock { $0.alive } }

    /// Ends it, as `kill -9` would.
    func kill() { state.withLock { $0.alive = false } }

    /// Forgets the doom: from now on only `kill` ends it.
    func spare() { state.withLock { $0.commitsLeft = nil } }

    /// Whether a message still leaves.
    func sends(_ request: ShardRequest) -> Bool {
        state.withLock { state in
            if state.alive, request.commit != nil, let left = state.commitsLeft {
                if left == 0 { state.alive = false } else { state.commitsLeft = left - 1 }
            }
            return state.alive
        }
    }
}
