/// The position of a write in the one order of all writes; 0 means "none".
public struct Sequence: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt64

    /// Wraps a number.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Before every write.
    public static let zero = Sequence(0)

    /// The one after this.
    @inlinable public var next: Sequence { Sequence(rawValue + 1) }

    /// The number.
    public var description: String { "\(rawValue)" }

    /// Orders by number.
    @inlinable
    public static func < (left: Sequence, right: Sequence) -> Bool { left.rawValue < right.rawValue }
}
