import Identifiers
import Locks
import Topology

/// The side of a simulated control plane that decides: one lease, one leader, epochs that grow.
///
/// It goes by the true time; what nodes believe of it is up to their own clocks (`SimulatedCandidate`).
package final class SimulatedElection: Sendable {
    /// How long a lease lasts, in microseconds of true time.
    package static let leaseTime: UInt64 = 300_000

    private struct State {
        var epoch = Epoch(0)
        var leader: Leader?
        /// When the leader's lease ends.
        var end: UInt64 = 0
        /// Epochs in which something was written after the next one had begun.
        var violations: [String] = []
    }

    private let time: VirtualTime
    private let state = Mutex(State())

    /// Starts before any leader.
    package init(time: VirtualTime) { self.time = time }

    /// Makes a node the leader of the next epoch, unless another one's lease lasts.
    func begin(_ candidate: Leader) -> Epoch? {
        let now = time.now
        return state.withLock { state in
            if let leader = state.leader, leader.name != candidate.name, now < state.end { return nil }
            state.epoch = state.epoch.next
            state.leader = Leader(name: candidate.name, address: candidate.address, epoch: state.epoch)
            state.end = now + Self.leaseTime
            return state.epoch
        }
    }

    /// Renews a node's lease, where it still lasts.
    func renew(_ name: String) -> Bool {
        let now = time.now
        return state.withLock { state in
            guard state.leader?.name == name, now < state.end else { return false }
            state.end = now + Self.leaseTime
            return true
        }
    }

    /// Ends a reign.
    func resign(_ epoch: Epoch) {
        state.withLock { state in
            if state.leader?.epoch == epoch { state.end = 0 }
        }
    }

    /// Who leads.
    var leader: Leader? {
        let now = time.now
        return state.withLock { now < $0.end ? $0.leader : nil }
    }

    /// Notes that a leader sends something to be written.
    func writes(in epoch: Epoch) {
        let now = time.now
        state.withLock { state in
            guard epoch < state.epoch else { return }
            state.violations.append("at \(now) us epoch \(epoch) wrote though epoch \(state.epoch) had begun")
        }
    }

    /// What was written by leaders whose time was over.
    var violations: [String] { state.withLock { $0.violations } }
}
