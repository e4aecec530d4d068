public import Coordinator
import Locks

/// Time that stands still while anything can run and then jumps to the next thing that was waited for.
public final class VirtualTime: CoordinatorClock {
    private struct Waiter {
        var at: UInt64
        var order: UInt64
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: UInt64 = 0
        var order: UInt64 = 0
        var waiters: [Waiter] = []
        /// Waits that were cancelled before they began.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    /// What `milliseconds` says at the beginning of the simulation.
    private let start: UInt64 = 1_700_000_000_000

    /// Starts at zero.
    public init() {}

    /// Microseconds since the simulation began.
    public var now: UInt64 { state.withLock { $0.now } }

    /// Waits in virtual time.
    public func sleep(_ duration: Duration) async {
        let parts = duration.components
        await sleep(microseconds: UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds / 1_000_000_000_000))
    }

    /// Waits a number of virtual microseconds; a cancelled task waits not at all.
    public func sleep(microseconds: UInt64) async {
        guard !Task.isCancelled else {
            // A loop that retries must not keep everybody else from running.
            await Task.yield()
            return
        }
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.order += 1
                state.waiters.append(
                    Waiter(at: state.now + microseconds, order: state.order, continuation: continuation)
                )
            }
        }
    }

    /// Waits like `sleep(microseconds:)`, but ends as soon as its task is cancelled.
    func sleepUnlessCancelled(microseconds: UInt64) async {
        let number = state.withLock { state in
            state.order += 1
            return state.order
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.cancelled.remove(number) == nil else { return true }
                    state.waiters.append(
                        Waiter(at: state.now + microseconds, order: number, continuation: continuation)
                    )
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.order == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume()
        }
    }

    /// Milliseconds since 1970, as if the simulation had begun on a fixed day.
    public func milliseconds() -> UInt64 { start + now / 1_000 }

    /// Jumps to the next waiter and wakes it.
    ///
    /// - Returns: false where nobody waits.
    public func advance() -> Bool {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.indices.min(by: { Self.precedes(state.waiters[$0], state.waiters[$1]) })
            else { return nil }
            let waiter = state.waiters.remove(at: index)
            state.now = max(state.now, waiter.at)
            return waiter
        }
        waiter?.continuation.resume()
        return waiter != nil
    }

    private static func precedes(_ left: Waiter, _ right: Waiter) -> Bool {
        (left.at, left.order) < (right.at, right.order)
    }
}
