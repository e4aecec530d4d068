import Gateway
import Locks

/// Whether anything may be sent to hosts that subscribers name, remembered for a while: a name may come to stand for
/// another address than when the subscription was made.
final class Verdicts: Sendable {
    /// How long an answer holds.
    private static let patience: Duration = .seconds(30)
    /// Names that are remembered; there are fewer subscriptions.
    private static let limit = 4_096

    private let known = Mutex<[String: (refusal: String?, at: ContinuousClock.Instant)]>([:])
    private let reach: HookReach

    init(_ reach: HookReach) { self.reach = reach }

    /// Why nothing is sent to a host, by what it stands for; `nil` where it may be told.
    func refusal(of host: String) -> String? {
        let now = ContinuousClock.now
        if let found = known.withLock({ $0[host] }), found.at.duration(to: now) < Self.patience {
            return found.refusal
        }
        let refusal = reach.refusal(of: host, at: BulkFetcher.addresses(of: host))
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[host] = (refusal, now)
        }
        return refusal
    }
}
