/// One of 4,096 ranges of the key space; the unit that is owned, moved, checked and repaired.
///
/// A slot is the top 12 bits of a key's hash, so that hashes in big-endian order are slot-ordered without a prefix.
public struct Slot: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many slots there are; fixed for the life of a cluster.
    public static let count = 4_096
    /// How far a hash is shifted to give its slot.
    @usableFromInline static let shift: UInt64 = 52

    /// 0 ..< 4,096.
    public let rawValue: UInt16

    /// Wraps a slot number.
    ///
    /// - Returns: `nil` outside 0 ..< 4,096.
    public init?(_ number: Int) {
        guard (0..<Slot.count).contains(number) else { return nil }
        rawValue = UInt16(number)
    }

    /// The slot of a key.
    @inlinable
    public init(hash: UInt64) {
        rawValue = UInt16(truncatingIfNeeded: hash &>> Slot.shift)
    }

    /// The smallest hash in the slot.
    public var firstHash: UInt64 { UInt64(rawValue) << Slot.shift }
    /// The largest hash in the slot.
    public var lastHash: UInt64 { firstHash | ((1 << Slot.shift) - 1) }

    /// The number.
    public var description: String { "\(rawValue)" }

    /// Orders by number.
    @inlinable
    public static func < (left: Slot, right: Slot) -> Bool { left.rawValue < right.rawValue }
}
