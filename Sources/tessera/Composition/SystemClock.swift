import Coordinator
import Foundation
import Replication

/// The time of the machine.
struct SystemClock: CoordinatorClock, ReplicationClock {
    func sleep(_ duration: Duration) async {
        // A cancelled sleep ends early, which is what its callers expect.
        try? await Task.sleep(for: duration)
    }

    func milliseconds() -> UInt64 { UInt64(Date().timeIntervalSince1970 * 1_000) }
}
