import Coordinator
import Locks

/// The registries that clients reach at the moment: like a service address that follows the leader, or leads anywhere.
final class CurrentRegistry: Sendable {
    private struct State {
        var registry: Registry
        var life: CoordinatorLife
        /// The one before, as long as it lives.
        var former: (registry: Registry, life: CoordinatorLife)?
    }

    private let state: Mutex<State>
    /// Whether some clients stay with the one they knew.
    private let keepsFormer: Bool
    /// In a thousand requests.
    private static let loyalty = 400

    init(_ registry: Registry, _ life: CoordinatorLife, keepsFormer: Bool) {
        state = Mutex(State(registry: registry, life: life))
        self.keepsFormer = keepsFormer
    }

    var current: Registry { state.withLock { $0.registry } }

    /// One that a client would reach now.
    func reached(_ random: inout SimulationRandom) -> Registry {
        guard keepsFormer, random.chance(Self.loyalty) else { return current }
        return state.withLock { state in
            guard let former = state.former, former.life.isAlive else { return state.registry }
            return former.registry
        }
    }

    func replace(_ next: Registry, _ life: CoordinatorLife) {
        state.withLock { state in
            state.former = (state.registry, state.life)
            state.registry = next
            state.life = life
        }
    }
}
