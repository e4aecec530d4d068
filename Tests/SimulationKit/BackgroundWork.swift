import Locks

/// Work that nobody waits for, handed to a loop that runs inside the simulation's task group.
///
/// Unstructured tasks would escape the stepping executor.
public final class BackgroundWork: Sendable {
    private struct State {
        var waiting: [@Sendable () async -> Void] = []
        var idle: CheckedContinuation<Void, Never>?
        var closed = false
    }

    private let state = Mutex(State())

    /// Starts without work.
    public init() {}

    /// Hands in work.
    public func add(_ work: @escaping @Sendable () async -> Void) {
        let idle = state.withLock { state in
            state.waiting.append(work)
            defer { state.idle = nil }
            return state.idle
        }
        idle?.resume()
    }

    /// Ends the loop once what waits is done.
    public func close() {
        let idle = state.withLock { state in
            state.closed = true
            defer { state.idle = nil }
            return state.idle
        }
        idle?.resume()
    }

    /// Runs work until closed.
    public func run() async {
        await withDiscardingTaskGroup { group in
            while let work = await next() {
                for one in work { group.addTask { await one() } }
            }
        }
    }

    private func next() async -> [@Sendable () async -> Void]? {
        while true {
            let (work, closed) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.waiting, state.closed)
            }
            if !work.isEmpty { return work }
            if closed { return nil }
            await withCheckedContinuation { continuation in
                let now = state.withLock { state in
                    guard state.waiting.isEmpty, !state.closed else { return true }
                    state.idle = continuation
                    return false
                }
                if now { continuation.resume() }
            }
        }
    }
}
