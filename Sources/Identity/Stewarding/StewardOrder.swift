public import Identifiers

/// What a steward wants done about records and persons, before it is known which pairs of records that decides.
public enum StewardOrder: Hashable, Sendable {
    /// Two records are one person.
    case link(RecordPair)
    /// Two records are different persons.
    case never(RecordPair)
    /// The persons of two records are one, with all records that they have now.
    case merge(RecordID, RecordID)
    /// These records of one person are another person than the rest of it.
    case split([RecordID])
    /// What earlier verdicts put aside holds again.
    case restore([StewardVerdict])

    /// The records whose components have to be known.
    public var records: [RecordID] {
        switch self {
        case .link(let pair), .never(let pair): [pair.a, pair.b]
        case .merge(let first, let second): [first, second]
        case .split(let records): records
        case .restore(let verdicts): Array(Set(verdicts.flatMap { [$0.pair.a, $0.pair.b] })).sorted()
        }
    }
}
