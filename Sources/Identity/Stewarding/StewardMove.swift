public import Identifiers

/// A record that belongs to another person than before.
public struct StewardMove: Hashable, Sendable {
    /// The record.
    public let record: RecordID
    /// The person that it belonged to.
    public let from: GoldenID
    /// The person that it belongs to now.
    public let to: GoldenID

    /// Describes a move.
    public init(record: RecordID, from: GoldenID, to: GoldenID) {
        self.record = record
        self.from = from
        self.to = to
    }
}
