import LoadTest
import Locks
import Testing

/// Requests on time, whatever is answered.
@Suite("Load driver")
struct LoadDriverTests {
    private func steady(_ rate: Double, seconds: Double) -> LoadPhase {
        LoadPhase(name: "phase", pace: .open(.constant(rate, seconds: seconds), .steady), mix: RequestMix(.match))
    }

    @Test("Every request is sent once", arguments: [(100.0, 2.0, 200), (3, 1, 3), (7, 1.5, 11), (1, 0.25, 1)])
    func once(rate: Double, seconds: Double, expected: Int) async {
        let driver = LoadDriver(seed: 1, clock: VirtualClock())
        let sent = Mutex<[Int]>([])
        let result = await driver.run(steady(rate, seconds: seconds)) { request in
            sent.withLock { $0.append(request.index) }
            return 0
        }
        #expect(sent.withLock { $0.sorted() } == Array(0..<expected))
        #expect(result.answered == UInt64(expected))
        #expect(result.failed == 0)
        #expect(result.shed == 0)
    }

    /// Tene's coordinated omission: a server that stalls is charged for every request that was due in the stall.
    @Test("A stall is charged to all requests due in it, in the intervals in which they were due")
    func stall() async {
        let sent = Mutex(0)
        // Time moves to a request's moment when all that were due before it have been sent, one each 0.1 s.
        let clock = VirtualClock { moment in .milliseconds(100) * sent.withLock { $0 } >= moment }
        let driver = LoadDriver(seed: 1, clock: clock)
        let result = await driver.run(steady(10, seconds: 3)) { request in
            if request.index == 5 { clock.advance(by: .seconds(1)) }
            sent.withLock { $0 += 1 }
            return 0
        }
        #expect(result.answered == 30)
        #expect(result.latency.maximum >= .seconds(1))
        // The ten requests due within the stalled second were late by 1.0, 0.9, ... seconds.
        #expect(result.latency.value(atPermyriad: 8_500) >= .milliseconds(400))
        #expect(result.lateness.maximum >= .milliseconds(800))
        #expect(result.lateness.maximum <= .seconds(1))
        let intervals = result.kinds[0].result.intervals
        #expect(intervals[0]?.latency.count == 10)
        #expect(intervals[0]?.latency.maximum ?? .zero >= .milliseconds(900))
        #expect(intervals[2]?.latency.maximum ?? .seconds(9) < .milliseconds(100))
        #expect(intervals.values.reduce(0) { $0 + $1.completed } == 30)
        // What was sent late was answered at once: the server's own time does not show the stall of the others.
        #expect(result.kinds[0].result.service.value(atPermyriad: 8_000) == .zero)
    }

    @Test("What is beyond the limit is not sent, and counted")
    func shed() async {
        let clock = VirtualClock()
        let driver = LoadDriver(seed: 1, outstandingLimit: 4, clock: clock)
        let result = await driver.run(steady(10, seconds: 1)) { _ in
            // Nobody is answered before nine of the ten were due.
            while clock.now.offset < .milliseconds(800) { await Task.yield() }
            return 0
        }
        #expect(result.shed >= 4)
        #expect(result.shed + result.answered == 10)
        #expect(result.highestOutstanding == 4)
        #expect(result.kinds[0].result.intervals[0]?.shed == Int(result.shed))
    }

    @Test("Failures are counted by kind, the rarer ones together")
    func failures() async {
        let driver = LoadDriver(seed: 1, clock: VirtualClock())
        let result = await driver.run(steady(100, seconds: 1)) { request throws(LoadFailure) in
            guard request.index % 2 == 1 else {
                throw LoadFailure("refused \(request.index < 60 ? request.index % 4 : request.index)")
            }
            return 0
        }
        #expect(result.answered == 50)
        #expect(result.failed == 50)
        #expect(result.failures.map(\.count).reduce(0, +) == 50)
        #expect(result.failures.count == 16)
        #expect(result.failures.contains { $0.message == "others" })
    }

    @Test("Mixtures have the shares of their weights; numbers of a kind have no gaps, over phases too")
    func mixture() async {
        let mix = RequestMix([.init(.lookup, 5), .init(.match, 3), .init(.ingest, 2)])
        let phase = LoadPhase(name: "mixed", pace: .open(.constant(1_000, seconds: 2), .steady), mix: mix)
        let driver = LoadDriver(seed: 3, clock: VirtualClock())
        let fresh = Mutex<[Int]>([])
        var ingested: UInt64 = 0
        for _ in 0..<2 {
            let result = await driver.run(phase) { request in
                if request.kind == .ingest { fresh.withLock { $0.append(request.ordinal) } }
                return request.kind.adds ? 1 : 0
            }
            #expect(result.kinds.map(\.kind) == [.ingest, .match, .lookup])
            #expect((300...500).contains(Int(result.kinds[0].result.answered)))
            #expect((500...700).contains(Int(result.kinds[1].result.answered)))
            ingested += result.records
        }
        #expect(fresh.withLock { $0.sorted() } == Array(0..<Int(ingested)))
    }

    @Test("In a closed phase the answers decide, up to a number or a time")
    func closed() async {
        let driver = LoadDriver(seed: 1, clock: VirtualClock())
        let most = Mutex((now: 0, most: 0))
        let counted = LoadPhase(name: "fill", pace: .count(concurrency: 3, requests: 50), mix: RequestMix(.bulk))
        let result = await driver.run(counted) { _ in
            most.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            await Task.yield()
            most.withLock { $0.now -= 1 }
            return 20
        }
        #expect(result.answered == 50)
        #expect(result.records == 1_000)
        #expect(most.withLock { $0.most } <= 3)
        let clock = VirtualClock()
        let timed = LoadPhase(name: "flat out", pace: .closed(concurrency: 1, .seconds(2)), mix: RequestMix(.match))
        let other = await LoadDriver(seed: 1, clock: clock).run(timed) { _ in
            clock.advance(by: .milliseconds(100))
            return 0
        }
        #expect(other.answered == 20)
        #expect(other.latency.maximum == .milliseconds(100))
        #expect(other.phase.requestedRate == nil)
    }

    @Test("Cancelling ends the run")
    func cancelled() async {
        let phase = steady(1, seconds: 3_600)
        let task = Task {
            await LoadDriver(seed: 1, clock: ContinuousClock()).run(phase) { _ in 0 }
        }
        task.cancel()
        let result = await task.value
        #expect(result.answered <= 1)
        #expect(result.elapsed < .seconds(3_000))
    }
}
