import Identifiers
import Matching

/// Answers other coordinators out of this node's own queue; it forwards nothing, so that no message goes in a circle.
struct PeerService {
    let queue: WriteQueue
    let rules: RuleSetVersion
    /// Whether writes that were keyed by other rules can be keyed again.
    let rekeys: Bool
    /// The coordinator's clock, milliseconds.
    let now: UInt64
    /// How far everything is durable; `nil` while this node does not lead.
    let durable: Sequence?
    /// Takes operators' orders; `nil` while this node does not lead.
    let keeper: Keeper?
    /// Takes orders about the rules; `nil` while this node does not lead.
    let ruleKeeper: RuleKeeper?

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
        case .rules(let order): return await take(order)
        case .writes(let keyed, let units):
            guard keyed == rules || rekeys else {
                return .unavailable("coordinators of different rule sets cannot work together", retryAfter: 30)
            }
            guard !units.isEmpty, units.allSatisfy({ !$0.isEmpty }) else { return .outcomes([]) }
            let stamped = units.map { unit in
                unit.map { write in
                    var write = write
                    write.stamp = keyed
                    return write
                }
            }
            return .outcomes(await queue.submit(stamped, now: now))
        }
    }

    private func take(_ order: RulesOrder) async -> PeerAnswer {
        guard let ruleKeeper else {
            return .unavailable("the coordinator that led does not lead any more", retryAfter: 1)
        }
        do throws(RegistryError) {
            return .rules(try await ruleKeeper.take(order))
        } catch {
            return Self.refusal(error)
        }
    }

    private static func refusal(_ error: RegistryError) -> PeerAnswer {
        switch error {
        case .invalid(let reason): .invalid(reason)
        case .unavailable(let reason, let seconds): .unavailable(reason, retryAfter: seconds)
        case .corrupt(let reason): .unavailable(reason, retryAfter: 1)
        }
    }

    private func keep(_ order: KeepingOrder) async -> PeerAnswer {
        guard let keeper else { return .unavailable("the coordinator that led does not lead any more", retryAfter: 1) }
        do throws(RegistryError) {
            return .kept(try await keeper.take(order))
        } catch {
            return Self.refusal(error)
        }
    }
}
