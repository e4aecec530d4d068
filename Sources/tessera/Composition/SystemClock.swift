import Coordinator
import Foundation
import Replication

/// The time of the machine.
struct SystemClock: CoordinatorClock, ReplicationClock {
    private static let start = ContinuousClock.now

    var now: Duration { ContinuousClock.now - Self.start }

    func sleep(_ duration: Duration) async {
        // A cancelled sleep ends early, which is what its callers expect.
        try? await Task.sleep(for: duration)
    }

    func milliseconds() -> UInt64 { UInt64(Date().timeIntervalSince1970 * 1_000) }
}
