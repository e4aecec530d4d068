package import Coordinator
import Locks
package import Topology

/// The ways between coordinators: by name, with delays, and nobody where a coordinator is dead.
package final class SimulatedPeers: LeaderLink {
    private struct Peer {
        var registry: Registry
        var life: CoordinatorLife?
    }

    private struct State {
        var peers: [String: Peer] = [:]
        var random: SimulationRandom
    }

    private let time: VirtualTime
    private let state: Mutex<State>
    private static let delayMost: UInt64 = 5_000
    /// In a thousand messages.
    private static let lost = 20

    /// Starts without coordinators.
    package init(time: VirtualTime, seed: UInt64) {
        self.time = time
        state = Mutex(State(random: SimulationRandom(seed: seed)))
    }

    /// Names a coordinator.
    package func add(_ name: String, _ registry: Registry) { add(name, registry, life: nil) }

    func add(_ name: String, _ registry: Registry, life: CoordinatorLife?) {
        state.withLock { $0.peers[name] = Peer(registry: registry, life: life) }
    }

    /// Carries a message to a coordinator and its answer back, or loses either.
    package func carry(_ message: [UInt8], to leader: Leader) async throws(RegistryError) -> [UInt8] {
        guard await travel(), let peer = state.withLock({ $0.peers[leader.name] }), peer.life?.isAlive ?? true else {
            throw .unavailable(reason: "nobody answers", retryAfterSeconds: 1)
        }
        let answer = await peer.registry.answer(peer: message)
        guard await travel(), peer.life?.isAlive ?? true else {
            throw .unavailable(reason: "the answer is lost", retryAfterSeconds: 1)
        }
        return answer
    }

    private func travel() async -> Bool {
        let (delay, isLost) = state.withLock { state in
            (state.random.next(below: Self.delayMost), state.random.chance(Self.lost))
        }
        await time.sleep(microseconds: delay)
        return !isLost
    }
}
