public import Identifiers

/// The outcome of a batch: for every record the golden identifier of its person.
public struct LinkResult: Sendable {
    /// One record and its person.
    public struct Link: Sendable, Equatable {
        /// The record.
        public var key: RecordKey
        /// The person.
        public var golden: GoldenID
    }

    /// One link a record, in order of record id: the same for any order of input.
    public var links: [Link]
    /// What was done.
    public var report: LinkReport
}
