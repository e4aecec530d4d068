public import Identifiers
public import Identity

/// What a steward ruled: an entry of the book of rulings, which is never rewritten but for what became of it.
public struct Ruling: Sendable, Hashable {
    /// What was ruled.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Two records are one person.
        case link = 1
        /// Two records are different persons.
        case never = 2
        /// Two persons are one.
        case merge = 3
        /// Some records of a person are another person.
        case split = 4
        /// An earlier ruling does not hold any more.
        case undo = 5
        /// An update that was held is stored.
        case release = 6
        /// An update that was held is not stored.
        case reject = 7
    }

    /// What became of it.
    public enum State: UInt8, Sendable, CaseIterable {
        /// It holds.
        case standing = 1
        /// A second steward has to agree before anything happens.
        case proposed = 2
        /// A second steward did not agree; nothing happened.
        case declined = 3
        /// A later ruling took it back.
        case undone = 4
    }

    /// Its place in the book, from 1.
    public var number: UInt64
    /// What was ruled.
    public var kind: Kind
    /// What became of it.
    public var state: State
    /// The write that carried it out, which is its place in the change feed; 0 while nothing happened.
    public var sequence: Sequence
    /// When it was handed in, in milliseconds since 1970.
    public var at: UInt64
    /// Who ruled.
    public var by: String
    /// Why.
    public var comment: String
    /// The second steward who agreed or declined; empty where none was asked.
    public var second: String
    /// The records that it names: two, those that leave, or the one whose update was held.
    public var records: [RecordID]
    /// The pairs that it decides.
    public var verdicts: [StewardVerdict]
    /// The records that belong to another person since.
    public var moves: [StewardMove]
    /// The version that was stored, where an update was; else 0.
    public var version: UInt32 = 0
    /// The ruling that it takes back; 0 for none.
    public var undoes: UInt64
    /// The ruling that took it back; 0 for none.
    public var undoneBy: UInt64
    /// For an undo: whether every record belongs to the person again that it belonged to before.
    public var isRestored: Bool
    /// For a rejected update: what was held, so that it can be held again.
    var held: [UInt8] = []

    /// The order that it stands for; `nil` where it is none about persons.
    var order: StewardOrder? {
        switch kind {
        case .link: records.count == 2 ? RecordPair(records[0], records[1]).map { .link($0) } : nil
        case .never: records.count == 2 ? RecordPair(records[0], records[1]).map { .never($0) } : nil
        case .merge: records.count == 2 ? .merge(records[0], records[1]) : nil
        case .split: .split(records)
        case .undo, .release, .reject: nil
        }
    }
}
