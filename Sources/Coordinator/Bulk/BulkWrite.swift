public import Identifiers
public import Matching

/// A record of a bulk load, normalised and keyed.
public struct BulkWrite: Sendable {
    let write: PreparedWrite

    /// Normalises and keys what a submission stores; the same as for one that comes in through a door.
    public init(_ submission: Submission, rules: RuleSet) {
        write = PreparedWrite(submission, plan: RulePlan(active: rules))
    }

    /// The record.
    public var id: RecordID { write.id }

    /// What names it.
    public var key: RecordKey { write.key }
}
