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
}
