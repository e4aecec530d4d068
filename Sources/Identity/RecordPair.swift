public import Identifiers

/// Two different records, the smaller identifier first, so that a pair has one spelling.
public struct RecordPair: Hashable, Comparable, Sendable {
    /// The smaller record.
    public let a: RecordID
    /// The larger record.
    public let b: RecordID

    /// Orders two records into a pair.
    ///
    /// - Returns: `nil` where both are the same record.
    public init?(_ first: RecordID, _ second: RecordID) {
        guard first != second else { return nil }
        a = min(first, second)
        b = max(first, second)
    }

    /// Whether the pair names a record.
    public func contains(_ record: RecordID) -> Bool { a == record || b == record }

    /// Orders by the smaller record, then by the larger.
    public static func < (left: RecordPair, right: RecordPair) -> Bool {
        (left.a, left.b) < (right.a, right.b)
    }
}
