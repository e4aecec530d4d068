import Locks
import Matching

/// The plan that holds on this node now; whoever does something takes it once and keeps to it.
final class RulesInForce: Sendable {
    private let state: Mutex<RulePlan>

    init(_ plan: RulePlan) { state = Mutex(plan) }

    /// The plan.
    var plan: RulePlan { state.withLock { $0 } }

    /// Another plan holds from now on.
    func install(_ plan: RulePlan) { state.withLock { $0 = plan } }
}
