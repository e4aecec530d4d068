/// A key of a table in memory that is a hash already, so that it needs no other.
///
/// The standard library hashes every key by SipHash, 15 to 20 ns; of keys that are spread over all 64 bits it is enough
/// to mix in the table's seed, without which copying a table into another may take quadratic time.
public struct HashedKey: Hashable, Sendable {
    /// The hash.
    public let rawValue: UInt64

    /// Wraps a hash.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// What tables of the standard library ask of a key that hashes itself.
    @inlinable
    public func _rawHashValue(seed: Int) -> Int { HashedKey.spread(rawValue, seed: seed) }

    /// The place of a hash in a table with a seed.
    @inlinable
    public static func spread(_ value: UInt64, seed: Int) -> Int {
        Int(truncatingIfNeeded: KeyHash.mix(value ^ UInt64(bitPattern: Int64(seed))))
    }
}
