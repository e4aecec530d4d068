public import Identifiers

/// Why a batch could not be linked.
public enum LinkError: Error, Equatable, Sendable {
    /// More records than one batch may hold.
    case tooManyRecords(limit: Int)
    /// A feature row could not be read back: a fault of this program, told with the record.
    case malformedRow(RecordID)
    /// What was learnt passes a limit of rule sets.
    case untrainable(String)
    /// The persons of a component could not be decided; the smallest record of it.
    case undecided(RecordID, String)
}
