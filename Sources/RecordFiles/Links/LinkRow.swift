/// One line of a links file: which person a record belongs to.
public struct LinkRow: Sendable, Hashable {
    /// The record's source; empty where the file has no such column.
    public var source: String
    /// The record's identifier within its source.
    public var recordID: String
    /// The person's golden identifier.
    public var goldenID: String

    /// Which person a record belongs to.
    public init(source: String, recordID: String, goldenID: String) {
        self.source = source
        self.recordID = recordID
        self.goldenID = goldenID
    }
}
