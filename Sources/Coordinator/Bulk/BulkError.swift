public import Identifiers

/// Why a record of a bulk load could not be decided.
public struct BulkError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The record.
    public var record: RecordID
    /// What was wrong.
    public var reason: String

    /// One line without anything that a source said of a person.
    public var description: String { "\(record): \(reason)" }
}
