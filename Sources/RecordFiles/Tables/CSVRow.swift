import JSON

/// One row of a table: its fields one after the other in one buffer, quotes resolved.
///
/// A row is reused: reading the next one overwrites it and allocates nothing.
public struct CSVRow: Sendable {
    /// Line of the file on which the row begins, from 1.
    public internal(set) var line = 0
    var bytes: [UInt8] = []
    var ends: [Int] = []

    /// An empty row.
    public init() {}

    /// Number of fields.
    public var count: Int { ends.count }

    /// The bytes of a field; traps where there is no such field.
    public func bytes(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// The text of a field; traps where there is no such field.
    public func text(_ index: Int) -> String {
        String(decoding: bytes(index), as: UTF8.self)
    }

    /// Every field as text.
    public var texts: [String] { (0..<count).map(text) }

    /// Whether every field is well-formed UTF-8.
    var isUTF8: Bool { UTF8Check.firstFault(in: bytes.span.bytes) == nil }

    mutating func begin(line: Int) {
        self.line = line
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    mutating func endField() { ends.append(bytes.count) }
}
