public import Identifiers

/// Addresses one row: the hash that decides the slot and, in some tables, an order within the hash.
public struct StoreKey: Hashable, Comparable, Sendable {
    /// The hash; its top bits are the slot.
    public var hash: UInt64
    /// Order within the hash, 0 in tables without it.
    public var sub: UInt64

    /// Makes a key.
    @inlinable
    public init(_ hash: UInt64, sub: UInt64 = 0) {
        self.hash = hash
        self.sub = sub
    }

    /// The slot that the row belongs to.
    @inlinable public var slot: Slot { Slot(hash: hash) }

    /// Orders by hash, then by the second part.
    @inlinable
    public static func < (left: StoreKey, right: StoreKey) -> Bool {
        left.hash != right.hash ? left.hash < right.hash : left.sub < right.sub
    }
}
