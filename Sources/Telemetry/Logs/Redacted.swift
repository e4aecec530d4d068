/// Holds a value that no log, error or debugger print may show: a name, a birth date, an address, an identifier.
///
///     logger.info("stored", metadata: ["patient": "\(Redacted(patient))"])  // patient=[redacted]
public struct Redacted<Value> {
    /// What is shown in place of the value.
    public static var placeholder: String { "[redacted]" }

    /// The value itself; whoever takes it out answers for where it goes.
    public let unredacted: Value

    /// Hides a value.
    public init(_ value: Value) { unredacted = value }
}

extension Redacted: Sendable where Value: Sendable {}
extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The placeholder.
    public var description: String { Self.placeholder }
    /// The placeholder.
    public var debugDescription: String { Self.placeholder }
    /// Nothing to see.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
