public import NIOCore

/// The continuous clock, its sleeps ended by an event loop: whoever sleeps on that loop wakes without a change of
/// threads.
public struct LoopClock: Clock {
    private let eventLoop: any EventLoop
    private let clock = ContinuousClock()

    /// Sleeps are ended by a loop.
    public init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// This moment.
    public var now: ContinuousClock.Instant { clock.now }
    /// As of the continuous clock.
    public var minimumResolution: Duration { clock.minimumResolution }

    /// Sleeps until a moment.
    ///
    /// - Parameters:
    ///   - deadline: the moment.
    ///   - tolerance: not used: a loop is as exact as it can be.
    /// - Throws: `CancellationError`.
    public func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration? = nil) async throws {
        let rest = now.duration(to: deadline)
        if rest > .zero {
            let end = eventLoop.scheduleTask(in: TimeAmount(rest)) {}
            // It fails where it is cancelled; whether this task was is told below.
            await withTaskCancellationHandler {
                _ = try? await end.futureResult.get()
            } onCancel: {
                end.cancel()
            }
        }
        try Task.checkCancellation()
    }
}
