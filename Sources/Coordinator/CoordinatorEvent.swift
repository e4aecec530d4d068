public import Identifiers

/// What happens to a coordinator that operators want to know; logs and metrics are made of these.
public enum CoordinatorEvent: Sendable {
    /// A term began after recovery.
    case leading(Epoch, last: Sequence, finished: Int, dropped: Int)
    /// A term could not begin or ended; the coordinator tries again.
    case notLeading(String)
}
