/// One shard group of the cluster: the owner of a set of slots.
public struct ShardID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Largest number of shard groups.
    public static let limit = 1_024

    /// 0 ..< `limit`.
    public let rawValue: UInt16

    /// Wraps a number.
    @inlinable
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// `shard-N`, N counted from 1 as operators see it.
    public var description: String { "shard-\(rawValue + 1)" }

    /// Orders by number.
    @inlinable
    public static func < (left: ShardID, right: ShardID) -> Bool { left.rawValue < right.rawValue }
}
