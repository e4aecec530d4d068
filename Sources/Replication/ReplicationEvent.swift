public import Identifiers
public import ShardProtocol

/// What happens to a group that operators want to know; logs and metrics are made of these.
public enum ReplicationEvent: Sendable {
    /// A replica left the in-sync set, and why.
    case removed(replica: String, ShardError)
    /// A new leader gave the last message of the foremost replica to others.
    case reconciled(replicas: [String])
    /// A replica began to catch up.
    case catchingUp(replica: String)
    /// A replica is in sync again: slots that differed, and rows and postings written or removed.
    case returned(replica: String, slots: Int, operations: Int)
    /// A catch-up was given up; it is tried again.
    case gaveUp(replica: String, ShardError)
    /// A replica in sync holds something else than the others in these slots.
    case differed(replica: String, slots: [Slot])
    /// A replica says that its store is damaged, and where; it is filled from another one.
    case damaged(replica: String, [String])
    /// The control plane refused or did not answer.
    case mapUnavailable(String)
}
