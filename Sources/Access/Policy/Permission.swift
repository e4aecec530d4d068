/// A kind of thing that may be done.
public enum Permission: String, Sendable, Hashable, CaseIterable {
    /// Read records and persons.
    case read
    /// Store, change and remove records.
    case write
    /// Read open questions and decide them.
    case decide
    /// See how the cluster is.
    case operate
    /// Change the rules by which records are compared.
    case govern
    /// Read the audit trail.
    case audit
}
