public import Demographics
public import Identifiers

/// One thing that happened to records, as the sequencer orders it.
public enum IdentityChange: Hashable, Sendable {
    /// A scored other record.
    public struct Neighbour: Hashable, Sendable {
        /// The other record.
        public var record: RecordID
        /// The score of the pair.
        public var weight: MatchWeight

        /// Describes a scored other record.
        public init(_ record: RecordID, _ weight: MatchWeight) {
            self.record = record
            self.weight = weight
        }
    }

    /// A record arrived or was updated: its facts and **all** its edges are replaced.
    ///
    /// `neighbours` holds every other record that scored at or above the review threshold, with those of the same
    /// batch that come before. Those below the match threshold need not be in the given components. `at` becomes the
    /// record's birth where the record is new.
    case upsert(record: RecordID, at: Sequence, facts: GuardFacts, neighbours: [Neighbour])
    /// A record was deleted at its source.
    case remove(record: RecordID)
    /// A steward decided about a pair; replaces an earlier decision on the pair.
    case decide(StewardDecision)
    /// A steward took a decision back: the pair is as if nobody had decided.
    case undo(RecordPair)
}
