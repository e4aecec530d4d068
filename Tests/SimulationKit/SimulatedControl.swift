public import Identifiers
import Synchronization
public import Topology

/// A control plane that never fails: counts epochs.
public final class SimulatedControl: ControlPlaneClient {
    private let last = Mutex(Epoch(0))

    /// Starts before any leader.
    public init() {}

    /// Begins the next epoch.
    public func beginEpoch() async throws -> Epoch {
        last.withLock { last in
            last = last.next
            return last
        }
    }
}
