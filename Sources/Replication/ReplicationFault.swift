/// A fault that a test plants to prove that the checkers would notice it; never set in a program.
package enum ReplicationFault: String, CaseIterable, Sendable {
    /// A write is answered when one replica has it.
    case acknowledgeBeforeAll
    /// A replica that has left the in-sync set is read from.
    case readRemoved
    /// A replica comes back without a comparison.
    case returnWithoutDigest
    /// A new leader leaves the replicas as they are.
    case skipReconcile
    /// Reads and writes do not ask whether a replica was wiped.
    case skipGuard
    /// A node that led goes on reading from those that were in sync when it did.
    case readDeposed
    /// Nobody asks those that answered whether they still have it, when others have not answered.
    case skipConfirm
    /// One that is silent when it is asked that counts as one that still has it.
    case trustSilence
    /// A replica that catches up does not get what is written meanwhile.
    case starveCatchUp
    /// Pages are compared while writes go on.
    case compareBesideWrites
    /// Whoever does not answer leaves the set here, and the control plane is not told.
    case removeUntold
    /// The in-sync set is replaced whoever changed the map in between.
    case replaceBlindly
}
