import NIOCore
import NIOPosix
import Testing

@testable import Transport

@Suite("Sleeping on an event loop")
struct LoopClockTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    @Test("Who sleeps on the loop wakes on the loop, not before the moment")
    func wakesOnTheLoop() async throws {
        let clock = LoopClock(loop)
        try await withTaskExecutorPreference(LoopExecutor(loop)) {
            let end = clock.now.advanced(by: .milliseconds(20))
            try await clock.sleep(until: end)
            #expect(clock.now >= end)
            #expect(loop.inEventLoop)
        }
    }

    @Test("A moment that has passed is not waited for")
    func passes() async throws {
        let clock = LoopClock(loop)
        try await clock.sleep(until: clock.now.advanced(by: .seconds(-1)))
    }

    @Test("Cancelling ends the sleep")
    func cancels() async {
        let clock = LoopClock(loop)
        let task = Task { try await clock.sleep(until: clock.now.advanced(by: .seconds(3_600))) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
