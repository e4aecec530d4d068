import LoadTest
import Locks
import Testing

@Suite struct OpenLoopTests {
    struct Refused: Error, CustomStringConvertible {
        let number: Int
        var description: String { "refused \(number)" }
    }

    @Test(arguments: [(100, 2_000, 200), (3, 1_000, 3), (7, 1_500, 11), (1, 250, 1)])
    func everyRequestIsSentOnce(rate: Int, milliseconds: Int, expected: Int) async {
        let loop = OpenLoop(rate: rate, duration: .milliseconds(milliseconds), clock: VirtualClock())
        let sent = Mutex<[Int]>([])
        let result = await loop.run { index in sent.withLock { $0.append(index) } }
        #expect(loop.requestCount == expected)
        #expect(sent.withLock { $0.sorted() } == Array(0..<expected))
        #expect(result.answered == UInt64(expected))
        #expect(result.failed == 0)
        #expect(result.shed == 0)
    }

    /// Tene's coordinated omission: a server that stalls is charged for every request that was due in the stall.
    @Test func aStallIsChargedToAllRequestsDueInIt() async {
        let sent = Mutex(0)
        // Time moves to a request's moment when all that were due before it have been sent, one each 0.1 s.
        let clock = VirtualClock { moment in .milliseconds(100) * sent.withLock { $0 } >= moment }
        let loop = OpenLoop(rate: 10, duration: .seconds(2), clock: clock)
        let result = await loop.run { index in
            if index == 5 { clock.advance(by: .seconds(1)) }
            sent.withLock { $0 += 1 }
        }
        #expect(result.answered == 20)
        #expect(result.latency.maximum >= .seconds(1))
        // The ten requests due within the stalled second were late by 1.0, 0.9, ... seconds.
        #expect(result.latency.value(atPermyriad: 7_500) >= .milliseconds(400))
        #expect(result.lateness.maximum >= .milliseconds(800))
        #expect(result.lateness.maximum <= .seconds(1))
    }

    @Test func warmUpIsSentAndNotCounted() async {
        let loop = OpenLoop(rate: 100, duration: .seconds(1), warmUp: .seconds(1), clock: VirtualClock())
        let sent = Mutex(0)
        let result = await loop.run { _ in sent.withLock { $0 += 1 } }
        #expect(sent.withLock { $0 } == 200)
        #expect(result.answered == 100)
        #expect(result.elapsed == .seconds(1))
        #expect(result.rate == 100)
    }

    @Test func requestsBeyondTheLimitAreShedAndCounted() async {
        let clock = VirtualClock()
        let loop = OpenLoop(rate: 10, duration: .seconds(1), outstandingLimit: 4, clock: clock)
        let result = await loop.run { _ in
            // Nobody is answered before nine of the ten were due.
            while clock.now.offset < .milliseconds(800) { await Task.yield() }
        }
        #expect(result.shed >= 4)
        #expect(result.shed + result.answered == 10)
        #expect(result.highestOutstanding == 4)
    }

    @Test func failuresAreCountedByKind() async {
        let loop = OpenLoop(rate: 100, duration: .seconds(1), clock: VirtualClock())
        let result = await loop.run { index in
            if index % 2 == 0 { throw Refused(number: index < 90 ? index % 4 : index) }
        }
        #expect(result.answered == 50)
        #expect(result.failed == 50)
        #expect(result.failures.map(\.count).reduce(0, +) == 50)
        #expect(result.failures.contains { $0.message == "refused 0" && $0.count == 23 })
        #expect(result.failures.count == 7)
    }

    @Test func cancellingEndsTheRun() async {
        let task = Task {
            let clock = ContinuousClock()
            return await OpenLoop(rate: 1, duration: .seconds(3_600), clock: clock).run { _ in }
        }
        task.cancel()
        let result = await task.value
        #expect(result.answered <= 1)
    }
}
