import Identifiers
import Identity

/// What the sequencer answers to one write.
enum WriteOutcome: Sendable {
    case submission(SubmissionOutcome)
    case decided([IdentityEvent])
    case ruled(Ruling)
    case refusedDecision(String)

    static func unavailable(_ reason: String, retryAfter: Int) -> WriteOutcome {
        .submission(.unavailable(reason: reason, retryAfterSeconds: retryAfter))
    }
}
