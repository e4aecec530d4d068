internal import NIOConcurrencyHelpers

/// Breaks the circle between a streamed call and its body: weak, so that a stream nobody holds ends.
final class CallReference: Sendable {
    private struct Weak {
        weak var call: ClientCall?
    }

    private let state = NIOLockedValueBox(Weak())

    var call: ClientCall? {
        get { state.withLockedValue { $0.call } }
        set { state.withLockedValue { $0.call = newValue } }
    }
}
