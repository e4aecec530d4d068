/// The reign of one leader; a shard refuses writes of an epoch lower than the highest it has seen.
public struct Epoch: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number; 0 before any leader.
    public let rawValue: UInt64

    /// Wraps a number.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The one after this.
    public var next: Epoch { Epoch(rawValue + 1) }

    /// The number.
    public var description: String { "\(rawValue)" }

    /// Orders by number.
    @inlinable
    public static func < (left: Epoch, right: Epoch) -> Bool { left.rawValue < right.rawValue }
}
