import Identifiers
import Identity

/// What the sequencer answers to one write.
enum WriteOutcome: Sendable {
    case submission(SubmissionOutcome)
    case decided([IdentityEvent])
    case ruled(Ruling)
    case refusedDecision(String)
    /// Records that were keyed or decided anew; or those that have to be decided with them, and nothing was written.
    case renewed(Int, wider: [RecordID])

    static func unavailable(_ reason: String, retryAfter: Int) -> WriteOutcome {
        .submission(.unavailable(reason: reason, retryAfterSeconds: retryAfter))
    }
}
