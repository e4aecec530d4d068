import Locks

/// How far a scrub is, for those who ask meanwhile.
final class ScrubProgress: Sendable {
    private let state = Mutex(ScrubView())

    /// What operators see.
    var view: ScrubView { state.withLock { $0 } }

    func change(_ edit: (inout ScrubView) -> Void) { state.withLock { edit(&$0) } }
}
