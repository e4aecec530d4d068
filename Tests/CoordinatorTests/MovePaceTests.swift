import Locks
import ShardProtocol
import Testing

@testable import Coordinator

/// The mover leaves clients half of the time, and takes all of it where there are none.
@Suite("The pace of a move") struct MovePaceTests {
    private final class CountedClock: CoordinatorClock {
        private let state = Mutex((now: UInt64(1_000), slept: Duration.zero))

        var slept: Duration { state.withLock { $0.slept } }
        func pass(_ milliseconds: UInt64) { state.withLock { $0.now += milliseconds } }
        func goBack() { state.withLock { $0.now = 0 } }
        func sleep(_ duration: Duration) async { state.withLock { $0.slept += duration } }
        func milliseconds() -> UInt64 { state.withLock { $0.now } }
    }

    private let clock = CountedClock()
    private let gate = CopyGate()
    private var pace: MovePace { MovePace(gate: gate, clock: clock) }

    @Test func itRestsForAsLongAsItWorkedWhileOthersWrite() async throws {
        try await pace.work { () throws(ShardError) in
            gate.leave(gate.enter([]))
            clock.pass(20)
        }
        #expect(clock.slept == .milliseconds(20))
    }

    @Test func itDoesNotRestWhereNobodyWrites() async throws {
        gate.leave(gate.enter([]))
        try await pace.work { () throws(ShardError) in clock.pass(20) }
        #expect(clock.slept == .zero)
    }

    @Test func aRestIsShortWhateverTheWorkWaitedFor() async throws {
        try await pace.work { () throws(ShardError) in
            gate.leave(gate.enter([]))
            clock.pass(60_000)
        }
        #expect(clock.slept == .milliseconds(250))
        try await pace.work { () throws(ShardError) in
            gate.leave(gate.enter([]))
            clock.goBack()
        }
        #expect(clock.slept == .milliseconds(250))
    }

    @Test func portionsAreSmallWhereSlotsHoldMuch() {
        var portion = SlotPortion(most: 8, rows: 1_000)
        #expect(portion.next(of: 10..<30) == 10..<11)
        portion.note(0, of: 1)
        #expect(portion.next(of: 11..<30) == 11..<19)
        portion.note(8 * 400, of: 8)
        #expect(portion.next(of: 19..<30) == 19..<21)
        portion.note(2 * 5_000, of: 2)
        #expect(portion.next(of: 29..<30) == 29..<30)
    }
}
