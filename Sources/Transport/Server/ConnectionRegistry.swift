internal import NIOCore
internal import NIOConcurrencyHelpers

/// The open connections of a server: counted against the limit, drained together.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var accepted = 0
        var refused = 0
    }

    private let limit: Int
    private let state = NIOLockedValueBox(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds a connection until it closes; false when there are too many, or the server is draining.
    func add(_ channel: any Channel) -> Bool {
        let isAdded = state.withLockedValue { state in
            guard state.channels.count < limit, !state.isDraining else {
                state.refused += 1
                return false
            }
            state.accepted += 1
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
        if isAdded {
            channel.closeFuture.whenComplete { _ in self.remove(channel) }
        }
        return isAdded
    }

    private func remove(_ channel: any Channel) {
        let waiters = state.withLockedValue { state in
            state.channels[ObjectIdentifier(channel)] = nil
            guard state.channels.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Tells every connection to finish what it has and close.
    func drain() {
        let channels = state.withLockedValue { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.pipeline.fireUserInboundEventTriggered(DrainEvent())
        }
    }

    /// Closes every connection at once.
    func closeAll() {
        let channels = state.withLockedValue { Array($0.channels.values) }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Waits until no connection is open.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLockedValue { state in
                if !state.channels.isEmpty { state.waiters.append(continuation) }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    /// Connections open, accepted so far and refused so far.
    var counts: (open: Int, accepted: Int, refused: Int) {
        state.withLockedValue { ($0.channels.count, $0.accepted, $0.refused) }
    }
}

/// Sent down a connection's pipeline: finish what is open, accept nothing new, close.
struct DrainEvent: Sendable {}
