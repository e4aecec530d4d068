import Identifiers
import Matching
import Topology

/// The leader as another coordinator asks it.
struct LeaderPeer: Sendable {
    let leader: Leader
    let link: any LeaderLink

    /// Puts writes in line at the leader.
    ///
    /// Where no answer comes back they may have been done: they are idempotent, and the caller is told to repeat them.
    func submit(_ units: [[PreparedWrite]], rules: RuleSetVersion) async -> [WriteOutcome] {
        let count = units.reduce(0) { $0 + $1.count }
        let refusal: WriteOutcome
        do throws(RegistryError) {
            switch try await ask(.writes(rules, units)) {
            case .outcomes(let outcomes) where outcomes.count == count: return outcomes
            case .unavailable(let reason, let seconds): refusal = .unavailable(reason, retryAfter: seconds)
            case .outcomes, .durable, .kept, .invalid, .rules: refusal = .unavailable(Self.nonsense, retryAfter: 1)
            }
        } catch {
            refusal = .unavailable(error.text, retryAfter: 1)
        }
        return [WriteOutcome](repeating: refusal, count: count)
    }

    /// How far everything is durable.
    func durable() async throws(RegistryError) -> Sequence {
        switch try await ask(.durable) {
        case .durable(let sequence): return sequence
        case .unavailable(let reason, let seconds): throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        case .outcomes, .kept, .invalid, .rules: throw .unavailable(reason: Self.nonsense, retryAfterSeconds: 1)
        }
    }

    /// Gives the leader an operator's order.
    func keep(_ order: KeepingOrder) async throws(RegistryError) -> KeepingReport {
        switch try await ask(.keep(order)) {
        case .kept(let report): return report
        case .invalid(let reason): throw .invalid(reason)
        case .unavailable(let reason, let seconds): throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        case .outcomes, .durable, .rules: throw .unavailable(reason: Self.nonsense, retryAfterSeconds: 1)
        }
    }

    /// Gives the leader an order about the rules.
    func rules(_ order: RulesOrder) async throws(RegistryError) -> RulesReport {
        switch try await ask(.rules(order)) {
        case .rules(let report): return report
        case .invalid(let reason): throw .invalid(reason)
        case .unavailable(let reason, let seconds): throw .unavailable(reason: reason, retryAfterSeconds: seconds)
        case .outcomes, .durable, .kept: throw .unavailable(reason: Self.nonsense, retryAfterSeconds: 1)
        }
    }

    private func ask(_ request: PeerRequest) async throws(RegistryError) -> PeerAnswer {
        let answer = try await link.carry(request.encoded(), to: leader)
        do throws(PeerError) {
            return try PeerAnswer(decoding: answer)
        } catch {
            throw .unavailable(reason: error.text, retryAfterSeconds: 1)
        }
    }

    private static let nonsense = "the leading coordinator answered something else than it was asked"
}
