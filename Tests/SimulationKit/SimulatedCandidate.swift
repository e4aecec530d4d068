package import Identifiers
import Locks
package import Topology

/// A coordinator's own view of a simulated control plane: messages take time, its clock runs too fast or too slow, and
/// the way may be cut.
package final class SimulatedCandidate: ControlPlaneClient {
    private struct State {
        var span = LeaseSpan()
        var epoch: Epoch?
        var cut = false
        var random: SimulationRandom
    }

    private let identity: Leader
    private let election: SimulatedElection
    private let time: VirtualTime
    /// By how much the clock is fast, in millionths.
    private let drift: Int64
    private let map: SimulatedControl
    private let state: Mutex<State>

    /// Clocks drift by a hundredth at most: far more than real ones do, far less than the margin of a lease.
    private static let driftMost: UInt64 = 10_000
    private static let delayMost: UInt64 = 20_000
    private static let renewals: UInt64 = 6
    private static let pause: UInt64 = 20_000

    /// A node of that name.
    package init(
        name: String,
        election: SimulatedElection,
        map: SimulatedControl,
        time: VirtualTime,
        seed: UInt64
    ) {
        var random = SimulationRandom(seed: seed)
        drift = Int64(random.next(below: Self.driftMost * 2 + 1)) - Int64(Self.driftMost)
        identity = Leader(name: name, address: name, epoch: nil)
        self.election = election
        self.map = map
        self.time = time
        state = Mutex(State(random: random))
    }

    /// Cuts the way to the control plane, or mends it.
    package func set(cut: Bool) { state.withLock { $0.cut = cut } }

    /// This node's clock.
    private var clock: Duration {
        let now = Int64(time.now)
        return .microseconds(now + now / 1_000_000 * drift + now % 1_000_000 * drift / 1_000_000)
    }

    /// One way of a message; false where it is lost.
    private func travel() async -> Bool {
        await time.sleep(microseconds: state.withLock { $0.random.next(below: Self.delayMost) })
        return !state.withLock { $0.cut }
    }

    /// Asks for leadership until it is won.
    package func beginEpoch() async throws -> Epoch {
        state.withLock { $0.epoch = nil }
        while true {
            try Task.checkCancellation()
            let asked = clock
            if await travel(), let epoch = election.begin(identity), await travel() {
                return state.withLock { state in
                    state.epoch = epoch
                    state.span.renew(asked: asked, lasting: .microseconds(SimulatedElection.leaseTime))
                    return epoch
                }
            }
            await time.sleep(microseconds: Self.pause)
        }
    }

    /// Renews the lease until the task is cancelled or the coordinator is dead.
    package func run(while isAlive: @Sendable () -> Bool) async {
        while !Task.isCancelled, isAlive() {
            await time.sleep(microseconds: SimulatedElection.leaseTime / Self.renewals)
            guard isAlive(), state.withLock({ $0.epoch }) != nil else { continue }
            let asked = clock
            guard await travel(), isAlive() else { continue }
            let isRenewed = election.renew(identity.name)
            guard await travel() else { continue }
            state.withLock { state in
                if isRenewed {
                    state.span.renew(asked: asked, lasting: .microseconds(SimulatedElection.leaseTime))
                } else {
                    state.span.lapse()
                }
            }
        }
    }

    /// Whether this node surely still leads, by its own clock.
    package func holds(_ epoch: Epoch) -> Bool {
        let now = clock
        return state.withLock { $0.epoch == epoch && $0.span.holds(at: now) }
    }

    /// Ends its reign.
    package func resign(_ epoch: Epoch) async {
        state.withLock { state in
            guard state.epoch == epoch else { return }
            state.epoch = nil
            state.span.lapse()
        }
        if await travel() { election.resign(epoch) }
    }

    /// Who leads.
    package func leader() -> Leader? { state.withLock { $0.cut } ? nil : election.leader }

    /// The map that all nodes share.
    package func clusterMap() async throws(TopologyError) -> StoredMap { try await map.clusterMap() }

    /// Puts a map in the place of the one of that revision.
    package func replace(_ map: ClusterMap, expecting revision: UInt64) async throws(TopologyError) -> UInt64 {
        try await self.map.replace(map, expecting: revision)
    }

    /// The map now and whenever it changes.
    package func changes() -> AsyncStream<StoredMap> { map.changes() }
}
