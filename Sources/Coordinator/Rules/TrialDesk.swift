import Identifiers
import Locks
import Matching

/// Where live writes wait to be tried by a candidate rule set: bounded, and nobody waits for it.
final class TrialDesk: Sendable {
    /// A record that was stored.
    struct Stored: Sendable {
        var key: RecordKey
        var document: [UInt8]
    }

    private struct State {
        var rules: RuleSet?
        var view: TrialView?
        var waiting: [Stored] = []
    }

    /// Records that wait: some seconds of work; what comes beyond is counted and left out.
    private static let waitingLimit = 256
    /// Bytes of documents that wait.
    private static let byteLimit = 4 << 20

    private let state = Mutex(State())

    init() {}

    /// Tries another candidate from now on; `nil` ends it.
    func begin(_ rules: RuleSet?, unposted: UInt64, at now: UInt64) {
        state.withLock { state in
            state = State(rules: rules)
            guard let rules else { return }
            state.view = TrialView(version: rules.version, began: now)
            state.view?.unposted = unposted
        }
    }

    /// What was found so far.
    var view: TrialView? { state.withLock { $0.view } }

    /// Takes what a batch has stored, as far as there is room.
    func offer(_ writes: [PreparedWrite], _ outcomes: [WriteOutcome]) {
        state.withLock { state in
            guard state.rules != nil else { return }
            var bytes = state.waiting.reduce(0) { $0 + $1.document.count }
            for (write, outcome) in zip(writes, outcomes) {
                guard case .upsert(_, _, let document) = write.action,
                    case .submission(.stored(let stored)) = outcome, !stored.unchanged
                else { continue }
                bytes += document.count
                if state.waiting.count < Self.waitingLimit, bytes <= Self.byteLimit {
                    state.waiting.append(Stored(key: write.key, document: document))
                } else {
                    state.view?.dropped += 1
                }
            }
        }
    }

    /// The next one to try, and by which rules.
    func take() -> (Stored, RuleSet)? {
        state.withLock { state in
            guard let rules = state.rules, !state.waiting.isEmpty else { return nil }
            return (state.waiting.removeFirst(), rules)
        }
    }

    /// Notes what a trial found, unless another candidate is tried by now.
    func note(_ version: RuleSetVersion, _ body: (inout TrialView) -> Void) {
        state.withLock { state in
            guard state.view?.version == version, var view = state.view else { return }
            body(&view)
            state.view = view
        }
    }
}
