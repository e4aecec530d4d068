import Locks

/// A clock that stands still until a test moves it, and lets sleepers jump ahead: no test waits.
final class VirtualClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)
    /// Whether what was started before a moment is done, so that time may move there.
    private let settled: @Sendable (Duration) -> Bool

    init(settled: @escaping @Sendable (Duration) -> Bool = { _ in true }) { self.settled = settled }

    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        // Requests that were started have their turn before time moves.
        for _ in 0..<64 { await Task.yield() }
        while !settled(deadline.offset) {
            try Task.checkCancellation()
            await Task.yield()
        }
        time.withLock { $0 = max($0, deadline.offset) }
    }
}
