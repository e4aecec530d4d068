public import Identifiers
public import Identity

/// What a steward asks the registry to rule.
public enum RulingOrder: Sendable, Hashable {
    /// Something about records and persons.
    case persons(StewardOrder)
    /// A source states something about two of its records: it is carried out without a second steward, and not entered
    /// again where it holds already, since feeds repeat themselves.
    case stated(StewardDecision.Kind, RecordPair)
    /// Let the rules alone decide about two records again, whichever ruling decided about them.
    case free(RecordPair)
    /// Take an earlier ruling back.
    case undo(UInt64)
    /// Agree to a ruling that waits for a second steward.
    case approve(UInt64)
    /// Do not agree to it.
    case decline(UInt64)
    /// Store an update that was held.
    case release(RecordID)
    /// Do not store it.
    case reject(RecordID)

    /// The ruling that it is about; `nil` where it is a new matter.
    var number: UInt64? {
        switch self {
        case .undo(let number), .approve(let number), .decline(let number): number
        case .persons, .stated, .free, .release, .reject: nil
        }
    }
}
