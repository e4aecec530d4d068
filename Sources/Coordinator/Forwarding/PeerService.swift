import Identifiers
import Matching

/// Answers other coordinators out of this node's own queue; it forwards nothing, so that no message goes in a circle.
struct PeerService {
    let queue: WriteQueue
    let rules: RuleSetVersion
    /// The coordinator's clock, milliseconds.
    let now: UInt64
    /// How far everything is durable; `nil` while this node does not lead.
    let durable: Sequence?
    /// Takes operators' orders; `nil` while this node does not lead.
    let keeper: Keeper?

    func answer(_ message: [UInt8]) async -> PeerAnswer {
        let request: PeerRequest
        do throws(PeerError) {
            request = try PeerRequest(decoding: message)
        } catch {
            return .unavailable(error.text, retryAfter: 1)
        }
        guard let durable else { return .unavailable("the coordinator that led does not lead any more", retryAfter: 1) }
        switch request {
        case .durable: return .durable(durable)
        case .keep(let order): return await keep(order)
        case .writes(let keyed, let units):
            guard keyed == rules else {
                return .unavailable("coordinators of different rule sets cannot work together", retryAfter: 30)
            }
            guard !units.isEmpty, units.allSatisfy({ !$0.isEmpty }) else { return .outcomes([]) }
            return .outcomes(await queue.submit(units, now: now))
        }
    }

    private func keep(_ order: KeepingOrder) async -> PeerAnswer {
        guard let keeper else { return .unavailable("the coordinator that led does not lead any more", retryAfter: 1) }
        do throws(RegistryError) {
            return .kept(try await keeper.take(order))
        } catch {
            switch error {
            case .invalid(let reason): return .invalid(reason)
            case .unavailable(let reason, let seconds): return .unavailable(reason, retryAfter: seconds)
            case .corrupt(let reason): return .unavailable(reason, retryAfter: 1)
            }
        }
    }
}
