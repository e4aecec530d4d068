internal import Synchronization

/// Breaks the circle between a streamed call and its body: weak, so that a stream nobody holds ends.
final class CallReference: Sendable {
    private struct Weak {
        weak var call: ClientCall?
    }

    private let state = Mutex(Weak())

    var call: ClientCall? {
        get { state.withLock { $0.call } }
        set { state.withLock { $0.call = newValue } }
    }
}
