public import Bytes

/// A source record's address, the 64-bit hash of its `RecordKey`.
///
/// The top bits name the record's home slot.
public struct RecordID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Seed of the key hash, so that identity keys and blocking keys with equal bytes differ.
    public static let seed: UInt64 = 0x7465_7373_6572_6101

    /// The hash itself.
    public let rawValue: UInt64

    /// Wraps a hash.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Reads the 13 digits written by `description`.
    public init?(_ text: some StringProtocol) {
        guard let value = Base32.decode(text) else { return nil }
        self.init(value)
    }

    /// The slot that is the record's home.
    @inlinable public var slot: Slot { Slot(hash: rawValue) }

    /// 13 digits of base 32, used as the FHIR logical id.
    public var description: String { Base32.encode(rawValue) }

    /// One multiplication in place of the general hash: the value is one already, and windows look up many.
    @inlinable
    public func _rawHashValue(seed: Int) -> Int { HashedKey.spread(rawValue, seed: seed) }

    /// Orders by hash: arbitrary but the same everywhere, which is what canonical results need.
    @inlinable
    public static func < (left: RecordID, right: RecordID) -> Bool { left.rawValue < right.rawValue }
}
