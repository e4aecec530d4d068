/// As many requests as a number of callers can make, each waiting for its answer: what a bulk loader does.
///
/// It measures capacity. Its latencies are those of a caller that slows down with the server; for latencies under a
/// given load use `OpenLoop`.
///
///     let result = await ClosedLoop(callers: 32, requests: 100_000, clock: ContinuousClock()).run { index in … }
public struct ClosedLoop<LoadClock: Clock>: Sendable where LoadClock.Duration == Duration {
    /// How many requests are outstanding at any time.
    public let callers: Int
    /// How many requests are made.
    public let requests: Int
    private let clock: LoadClock

    /// Plans a run.
    ///
    /// - Parameters:
    ///   - callers: how many requests are outstanding at any time; at least one.
    ///   - requests: how many requests are made.
    ///   - clock: tells the time.
    public init(callers: Int, requests: Int, clock: LoadClock) {
        precondition(callers > 0 && requests >= 0, "a closed loop needs a caller")
        self.callers = callers
        self.requests = requests
        self.clock = clock
    }

    /// Makes the requests, in order of their numbers, and waits for the last answer.
    ///
    /// - Parameter send: sends the request of a number, 0 for the first, and returns when it is answered.
    /// - Returns: what was measured. Cancelling the task ends the run early.
    public func run(_ send: @escaping @Sendable (Int) async throws -> Void) async -> LoadResult {
        let tally = LoadTally()
        let start = clock.now
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<requests {
                if index >= callers { await group.next() }
                if Task.isCancelled { break }
                _ = tally.begin(limit: .max, isCounted: true)
                let clock = self.clock
                group.addTask {
                    let begin = clock.now
                    var failure: String?
                    do { try await send(index) } catch { failure = String(describing: error) }
                    let latency = begin.duration(to: clock.now)
                    tally.end(latency: latency, lateness: .zero, failure: failure, isCounted: true)
                }
            }
        }
        return LoadResult(requestedRate: nil, elapsed: start.duration(to: clock.now), counts: tally.snapshot)
    }
}
