/// Requests sent at a fixed rate whether or not earlier ones were answered, as the world outside does.
///
/// Latency is measured from the moment a request *should* have been sent, so that a server that stalls for a second
/// is charged for every request due in that second (no coordinated omission). Requests beyond the outstanding limit
/// are not sent and counted as shed: a result with shed requests says nothing about its percentiles but that they are
/// worse.
///
///     let loop = OpenLoop(rate: 500, duration: .seconds(30), clock: ContinuousClock())
///     let result = await loop.run { index in try await client.send(requests[index]) }
public struct OpenLoop<LoadClock: Clock>: Sendable where LoadClock.Duration == Duration {
    /// Requests a second.
    public let rate: Int
    /// How long requests are counted.
    public let duration: Duration
    /// How long requests are sent before they count.
    public let warmUp: Duration
    /// Most requests outstanding at once.
    public let outstandingLimit: Int
    private let clock: LoadClock

    /// Highest rate; past it the arrival times of single requests mean nothing on one machine.
    public static var rateLimit: Int { 1_000_000 }

    /// Plans a run.
    ///
    /// - Parameters:
    ///   - rate: requests a second, 1 ... `rateLimit`.
    ///   - duration: how long requests are counted.
    ///   - warmUp: how long requests are sent before they count.
    ///   - outstandingLimit: most requests outstanding at once.
    ///   - clock: tells and waits the time.
    public init(
        rate: Int,
        duration: Duration,
        warmUp: Duration = .zero,
        outstandingLimit: Int = 4_096,
        clock: LoadClock
    ) {
        precondition(rate > 0 && rate <= OpenLoop.rateLimit, "the rate is out of range")
        precondition(duration > .zero && warmUp >= .zero, "a run takes time")
        precondition(outstandingLimit > 0, "at least one request must be allowed")
        self.rate = rate
        self.duration = duration
        self.warmUp = warmUp
        self.outstandingLimit = outstandingLimit
        self.clock = clock
    }

    /// Requests of the whole run, warm-up included.
    public var requestCount: Int { due(before: warmUp + duration) }

    /// Sends the requests and waits for the last answer.
    ///
    /// - Parameter send: sends the request of a number, 0 for the first, and returns when it is answered.
    /// - Returns: what was measured. Cancelling the task ends the run early.
    public func run(_ send: @escaping @Sendable (Int) async throws -> Void) async -> LoadResult {
        let tally = LoadTally()
        let start = clock.now
        let firstCounted = due(before: warmUp)
        let total = requestCount
        await withDiscardingTaskGroup { group in
            for index in 0..<total {
                let intended = start.advanced(by: offset(index))
                if clock.now < intended {
                    // A clock wakes late at times; what is late is charged to the latency.
                    do { try await clock.sleep(until: intended, tolerance: .zero) } catch { return }
                }
                if Task.isCancelled { return }
                let isCounted = index >= firstCounted
                guard tally.begin(limit: outstandingLimit, isCounted: isCounted) else { continue }
                let clock = self.clock
                group.addTask {
                    let lateness = intended.duration(to: clock.now)
                    var failure: String?
                    do { try await send(index) } catch { failure = String(describing: error) }
                    let latency = intended.duration(to: clock.now)
                    tally.end(latency: latency, lateness: lateness, failure: failure, isCounted: isCounted)
                }
            }
        }
        let elapsed = start.advanced(by: warmUp).duration(to: clock.now)
        return LoadResult(requestedRate: rate, elapsed: max(elapsed, duration), counts: tally.snapshot)
    }

    /// When a request is due, from the start of the run; exact for days.
    private func offset(_ index: Int) -> Duration {
        .seconds(index / rate) + .nanoseconds(Int64(index % rate) * 1_000_000_000 / Int64(rate))
    }

    /// How many requests are due before a moment.
    private func due(before moment: Duration) -> Int {
        let (seconds, attoseconds) = moment.components
        let nanoseconds = Int(attoseconds / 1_000_000_000)
        return Int(seconds) * rate + (nanoseconds * rate + 999_999_999) / 1_000_000_000
    }
}
