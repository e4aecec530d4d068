import Locks

/// Tells every listener the newest map; control planes share it.
public final class MapChannel: Sendable {
    private struct State {
        var newest: StoredMap?
        var listeners: [UInt64: AsyncStream<StoredMap>.Continuation] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Starts without a map.
    public init() {}

    /// The newest map that was told.
    public var newest: StoredMap? { state.withLock { $0.newest } }

    /// Tells a map, unless a newer one is known already.
    public func tell(_ map: StoredMap) {
        state.withLock { state in
            if let newest = state.newest, newest.revision >= map.revision { return }
            state.newest = map
            // Under the lock: two maps told at once must not reach a listener in the wrong order.
            for (_, listener) in state.listeners.sorted(by: { $0.key < $1.key }) { listener.yield(map) }
        }
    }

    /// The newest map, where there is one, and all that are told from now on; who is slow sees the last one alone.
    public func maps() -> AsyncStream<StoredMap> {
        let (stream, continuation) = AsyncStream.makeStream(of: StoredMap.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            if let newest = state.newest { continuation.yield(newest) }
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[number] = nil }
        }
        return stream
    }
}
