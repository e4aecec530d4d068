import Coordinator
import Locks
import Testing
import Topology

/// What a source keeps for those who ask by the map before holds up no other move.
struct MoveGraceTests {
    /// Time in which the pieces of a grace do not end before the test says so.
    private final class HeldTime: CoordinatorClock {
        static let piece: Duration = .milliseconds(499)
        private let isHeld = Mutex(true)

        func release() { isHeld.withLock { $0 = false } }

        func sleep(_ duration: Duration) async {
            while duration == Self.piece, isHeld.withLock({ $0 }), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(1))
            }
            try? await Task.sleep(for: .milliseconds(1))
        }

        func milliseconds() -> UInt64 { 1_700_000_000_000 }
    }

    @Test(.timeLimit(.minutes(2)))
    func movesFlipWhileOthersWait() async throws {
        var limits = CoordinatorLimits()
        limits.retryPauseMost = HeldTime.piece
        let clock = HeldTime()
        try await QuietCluster.run(limits: limits, clock: clock) { cluster in
            for number in 0..<20 { _ = try await cluster.stored(People.amina("\(number)")) }
            let planned = try await cluster.registry.change(.drain("shard-3"), bytesPerSecond: 0)
            #expect(planned.count == 2)
            func phases() async throws -> [SlotMove.Phase] { try await cluster.registry.moves().map(\.move.phase) }
            while try await phases() != [.flipped, .flipped] { try await Task.sleep(for: .milliseconds(5)) }
            clock.release()
            while try await phases() != [.dropped, .dropped] { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}
