import Gateway
import Locks

/// Whether anything may be sent to hosts that subscribers name, remembered for a while: a name may come to stand for
/// another address than when the subscription was made.
final class Verdicts: Sendable {
    /// How long an answer holds.
    private static let patience: Duration = .seconds(30)
    /// Names that are remembered; there are fewer subscriptions.
    private static let limit = 4_096

    private let known = Mutex<[String: (isRefused: Bool, at: ContinuousClock.Instant)]>([:])

    /// Whether a host stands for an address to which nothing is sent.
    func isRefused(_ host: String) -> Bool {
        let now = ContinuousClock.now
        if let found = known.withLock({ $0[host] }), found.at.duration(to: now) < Self.patience {
            return found.isRefused
        }
        let isRefused = BulkFetcher.addresses(of: host).contains { HookEndpoint.isRefused(address: $0) }
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[host] = (isRefused, now)
        }
        return isRefused
    }
}
