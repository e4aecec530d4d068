import Coordinator
import Locks

/// The registry that clients reach at the moment: like a service address that follows the leader.
final class CurrentRegistry: Sendable {
    private let registry: Mutex<Registry>

    init(_ registry: Registry) { self.registry = Mutex(registry) }

    var current: Registry { registry.withLock { $0 } }

    func replace(_ next: Registry) { registry.withLock { $0 = next } }
}
