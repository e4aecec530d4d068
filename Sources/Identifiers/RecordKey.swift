import Bytes

/// What names a source record from outside: the assigning authority's system and the value it assigned.
public struct RecordKey: Hashable, Sendable, CustomStringConvertible {
    /// The source: a FHIR `identifier.system`, or the `source` column of a CSV.
    public let source: String
    /// The record's identifier within its source.
    public let value: String

    /// Longest accepted source or value, in bytes of UTF-8.
    public static let partLimit = 1_024

    /// Names a record; the parts are kept as they are.
    public init(source: String, value: String) {
        self.source = source
        self.value = value
    }

    /// `source|value`.
    public var description: String { "\(source)|\(value)" }

    /// The hash by which the record is addressed.
    public var id: RecordID {
        var bytes = [UInt8]()
        bytes.reserveCapacity(source.utf8.count + value.utf8.count + 1)
        bytes.append(contentsOf: source.utf8)
        // 0x1F never occurs in a system or value that passed the doors, so two keys cannot share their bytes.
        bytes.append(0x1F)
        bytes.append(contentsOf: value.utf8)
        return RecordID(KeyHash.hash(bytes, seed: RecordID.seed))
    }
}
