/// A record that an event was about, and what became of it.
public struct AuditEntity: Sendable, Hashable {
    /// The system of the identifier that names the record.
    public var source: String
    /// The value of that identifier.
    public var value: String
    /// The record's address; empty where there is no record.
    public var record: String
    /// The golden identifier of its person.
    public var golden: String
    /// The version that was read or written; 0 where none was.
    public var version: UInt32
    /// What was done with it, such as `created`, `read`, `candidate`, `refused`.
    public var done: String
    /// The score of a candidate, in bits.
    public var weight: Double?

    /// An entity.
    public init(
        source: String = "",
        value: String = "",
        record: String = "",
        golden: String = "",
        version: UInt32 = 0,
        done: String,
        weight: Double? = nil
    ) {
        self.source = source
        self.value = value
        self.record = record
        self.golden = golden
        self.version = version
        self.done = done
        self.weight = weight
    }
}
