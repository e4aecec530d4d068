import Identifiers
import Locks

/// How far a backup is, for those who ask meanwhile.
final class BackupProgress: Sendable {
    private struct State {
        var view: BackupView
        var isStopped = false
    }

    private let state: Mutex<State>

    init(_ view: BackupView) { state = Mutex(State(view: view)) }

    /// What operators see.
    var view: BackupView { state.withLock { $0.view } }

    /// Whether somebody asked for an end.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Asks for an end: one that copies is given up, one that follows is complete.
    func stop() { state.withLock { $0.isStopped = true } }

    func change(_ edit: (inout BackupView) -> Void) { state.withLock { edit(&$0.view) } }
}
