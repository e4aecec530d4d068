internal import Identifiers
internal import Locks

/// What those who tell subscribers share: the subscriptions as they are now, and how far the change feed goes.
final class SubscriptionBoard: Sendable {
    private struct State {
        var subscriptions: [Int: StoredSubscription] = [:]
        var tip = Sequence.zero
    }

    private let state = Mutex(State())

    /// Puts up what is; the places that hold a subscription that was not there before.
    func put(_ found: [Int: StoredSubscription], tip: Sequence) -> [Int] {
        state.withLock { state in
            let new = found.filter { state.subscriptions[$0.key]?.id != $0.value.id }.map(\.key)
            state.subscriptions = found
            state.tip = tip
            return new.sorted()
        }
    }

    /// A subscription that is still there, and how far the feed goes.
    func subscription(_ place: Int, _ id: String) -> (StoredSubscription, tip: Sequence)? {
        state.withLock { state in
            guard let found = state.subscriptions[place], found.id == id else { return nil }
            return (found, state.tip)
        }
    }
}
