public import Identifiers

/// What happened to persons in an identity step.
///
/// `recordLinked` and `recordRemoved` alone rebuild the membership of every person at any past moment; the others say
/// what it means. Events carry no time: the feed that keeps them numbers them.
public enum IdentityEvent: Hashable, Sendable {
    /// A record belongs to a person from now on; `from` is the one it belonged to before, `nil` for a new record.
    case recordLinked(record: RecordID, from: GoldenID?, to: GoldenID)
    /// A record was removed from a person.
    case recordRemoved(record: RecordID, from: GoldenID)
    /// Two persons are one: `retired` redirects to `survivor`.
    case personsMerged(survivor: GoldenID, retired: GoldenID)
    /// Records left a person for one that is newly minted or back from a merge.
    case personSplit(from: GoldenID, new: GoldenID)
    /// A retired golden identifier redirects to another person than before, since its record went there.
    case goldenRedirected(GoldenID, from: GoldenID, to: GoldenID)
    /// A golden identifier lost its last record.
    case goldenRetired(GoldenID)
    /// A steward is asked.
    case reviewRaised(ReviewTask)
    /// A steward is no longer asked.
    case reviewSettled(ReviewTask)
}
