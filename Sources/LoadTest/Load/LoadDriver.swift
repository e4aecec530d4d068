internal import Locks

/// Carries out the phases of a load run, one after another.
///
/// In an open phase requests are sent at moments that were fixed before, whether or not earlier ones were answered, as
/// the world outside does. Latency is measured from the moment a request *should* have been sent, so that a server
/// that stalls for a second is charged for every request due in that second (no coordinated omission). Requests
/// beyond the outstanding limit are not sent and counted as shed: a result with shed requests says nothing about its
/// percentiles but that they are worse.
///
///     let driver = LoadDriver(seed: 1, clock: ContinuousClock())
///     let result = await driver.run(phase) { request in try await client.send(request) }
public final class LoadDriver<LoadClock: Clock>: Sendable where LoadClock.Duration == Duration {
    /// What chance is made from.
    public let seed: UInt64
    /// Most requests outstanding at once.
    public let outstandingLimit: Int
    private let clock: LoadClock
    private let start: LoadClock.Instant
    private let progress = Mutex(Progress())

    /// What sends a request and tells how many records it added.
    public typealias Send = @Sendable (LoadRequest) async throws(LoadFailure) -> Int

    private struct Progress {
        var phases = 0
        var ordinals: [RequestKind: Int] = [:]
    }

    /// Prepares a run, which begins now.
    ///
    /// - Parameters:
    ///   - seed: equal seeds give equal requests at equal moments.
    ///   - outstandingLimit: most requests outstanding at once.
    ///   - clock: tells and waits the time.
    public init(seed: UInt64, outstandingLimit: Int = 4_096, clock: LoadClock) {
        precondition(outstandingLimit > 0, "at least one request must be allowed")
        self.seed = seed
        self.outstandingLimit = outstandingLimit
        self.clock = clock
        start = clock.now
    }

    /// Carries out a phase and waits for its last answer.
    ///
    /// Cancelling the task ends it early.
    public func run(_ phase: LoadPhase, _ send: @escaping Send) async -> PhaseResult {
        let number = progress.withLock { progress in
            progress.phases += 1
            return progress.phases
        }
        let phaseSeed = seed &+ UInt64(number) &* 0xD1B5_4A32_D192_ED03
        let interval = Self.interval(of: phase)
        let tally = LoadTally(interval: interval)
        let began = clock.now
        switch phase.pace {
        case .open(let profile, let pattern):
            let schedule = ArrivalSchedule(profile: profile, pattern: pattern, seed: phaseSeed)
            await sendOnTime(schedule, phase.mix, phaseSeed, Span(began: began, tally: tally, send: send))
        case .closed(let concurrency, let duration):
            let end = began.advanced(by: duration)
            await sendInTurn(concurrency, phase.mix, phaseSeed, Span(began: began, tally: tally, send: send)) {
                [clock] _ in
                clock.now < end
            }
        case .count(let concurrency, let requests):
            await sendInTurn(concurrency, phase.mix, phaseSeed, Span(began: began, tally: tally, send: send)) {
                $0 < requests
            }
        }
        let counts = tally.snapshot
        return PhaseResult(
            phase: phase,
            start: start.duration(to: began),
            elapsed: max(began.duration(to: clock.now), Task.isCancelled ? .zero : phase.duration ?? .zero),
            interval: interval,
            lateness: counts.lateness,
            kinds: RequestKind.allCases.compactMap { kind in counts.kinds[kind].map { (kind, $0) } },
            failures: counts.failures,
            highestOutstanding: counts.highestOutstanding
        )
    }

    /// What the requests of one phase share.
    private struct Span: Sendable {
        var began: LoadClock.Instant
        var tally: LoadTally
        var send: Send
    }

    /// Numbers for requests that are sent in turn.
    private final class Turns: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count - 1
            }
        }
    }

    private func sendOnTime(_ schedule: ArrivalSchedule, _ mix: RequestMix, _ seed: UInt64, _ span: Span) async {
        await withDiscardingTaskGroup { group in
            var index = 0
            for due in schedule {
                let moment = span.began.advanced(by: due)
                if clock.now < moment {
                    // A clock wakes late at times; what is late is charged to the latency.
                    do { try await clock.sleep(until: moment, tolerance: .zero) } catch { return }
                }
                if Task.isCancelled { return }
                let request = next(mix.kind(of: index, seed: seed), index)
                index += 1
                guard span.tally.begin(request.kind, due: due, limit: outstandingLimit) else { continue }
                group.addTask { await self.exchange(request, due: due, span) }
            }
        }
    }

    private func sendInTurn(
        _ concurrency: Int,
        _ mix: RequestMix,
        _ seed: UInt64,
        _ span: Span,
        while goesOn: @escaping @Sendable (Int) -> Bool
    ) async {
        let turns = Turns()
        await withDiscardingTaskGroup { group in
            for _ in 0..<max(1, concurrency) {
                group.addTask {
                    while !Task.isCancelled {
                        let index = turns.next()
                        guard goesOn(index) else { return }
                        let request = self.next(mix.kind(of: index, seed: seed), index)
                        let due = span.began.duration(to: self.clock.now)
                        _ = span.tally.begin(request.kind, due: due, limit: .max)
                        await self.exchange(request, due: due, span)
                    }
                }
            }
        }
    }

    private func exchange(_ request: LoadRequest, due: Duration, _ span: Span) async {
        let sent = span.began.duration(to: clock.now)
        let result: Result<Int, LoadFailure>
        do throws(LoadFailure) {
            result = .success(try await span.send(request))
        } catch {
            result = .failure(error)
        }
        let answered = span.began.duration(to: clock.now)
        span.tally.end(
            LoadTally.Outcome(kind: request.kind, due: due, sent: sent, answered: answered, result: result)
        )
    }

    private func next(_ kind: RequestKind, _ index: Int) -> LoadRequest {
        let ordinal = progress.withLock { progress in
            progress.ordinals[kind, default: 0] += 1
            return progress.ordinals[kind, default: 0] - 1
        }
        return LoadRequest(index: index, kind: kind, ordinal: ordinal)
    }

    /// A second, or more where there would be more intervals than a picture has room for.
    static func interval(of phase: LoadPhase) -> Duration {
        let most = 3_600
        guard let duration = phase.duration, duration > .seconds(most) else { return .seconds(1) }
        return .seconds(Int64((duration / .seconds(most)).rounded(.up)))
    }
}
