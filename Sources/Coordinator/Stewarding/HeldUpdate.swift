public import Identifiers

/// An update that was not stored because it makes a record look like somebody else: a steward stores it or does not.
public struct HeldUpdate: Sendable {
    /// Why it is held.
    public enum Reason: UInt8, Sendable {
        /// The new version is unlike the old one.
        case unlikeItself = 1
        /// The new version matches another person and not the old one.
        case likeAnother = 2
    }

    /// The record.
    public var record: RecordID
    /// What names it.
    public var key: RecordKey
    /// The version that stands; where the record has a later one the question is over.
    public var version: UInt32
    /// Why it is held.
    public var reason: Reason
    /// The weight of the new version against the old one.
    public var weight: MatchWeight
    /// The record of another person that the new version matches best, where it matches any.
    public var other: RecordID?
    /// When it came, in milliseconds since 1970.
    public var raised: UInt64
    /// The resource as the source sent it.
    public var document: [UInt8]

    /// How much harm a wrong answer does, 0 to 1,000, on the scale of `ReviewTask.harm`.
    ///
    /// Whoever's data was written over is treated by another's history: only contradicting stewards are worse.
    public var harm: UInt16 { reason == .likeAnother ? 850 : 800 }
}
