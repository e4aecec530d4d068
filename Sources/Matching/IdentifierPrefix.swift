import Demographics

/// What stands before an identifier in a feature row: its kind and who assigned it, in 32 bits.
struct IdentifierPrefix {
    /// The kind in the low three bits, above it 29 bits of the authority's hash.
    let bits: UInt32

    private static let kindMask: UInt32 = 7

    init(_ identifier: NormalisedRecord.Identifier) {
        bits =
            UInt32(truncatingIfNeeded: identifier.authority) & ~IdentifierPrefix.kindMask
            | UInt32(identifier.kind.rawValue)
    }

    init(bits: UInt32) { self.bits = bits }

    /// Four stored bytes, the lowest first.
    @inline(__always)
    init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) {
        bits = UInt32(first) | UInt32(second) &<< 8 | UInt32(third) &<< 16 | UInt32(fourth) &<< 24
    }

    /// What of the authority's hash is kept.
    var authority: UInt64 { UInt64(bits & ~IdentifierPrefix.kindMask) }

    /// What the identifier counts.
    var kind: IdentifierKind {
        IdentifierKind(rawValue: UInt8(bits & IdentifierPrefix.kindMask)) ?? .unspecified
    }

    /// True where one authority assigned both.
    @inline(__always)
    func isOfOneAuthority(_ other: IdentifierPrefix) -> Bool { (bits ^ other.bits) & ~IdentifierPrefix.kindMask == 0 }

    /// True where the authority of a hash assigned it.
    func isAssigned(by authority: UInt64) -> Bool {
        (bits ^ UInt32(truncatingIfNeeded: authority)) & ~IdentifierPrefix.kindMask == 0
    }

    /// True where a person has one identifier of this kind.
    @inline(__always)
    func isUnique(_ rules: IdentifierRules) -> Bool { rules.mask &>> (bits & IdentifierPrefix.kindMask) & 1 == 1 }

    /// True for a number by which a facility keeps its files: it says nothing outside.
    @inline(__always)
    var isOfFacility: Bool { bits & IdentifierPrefix.kindMask == UInt32(IdentifierKind.facility.rawValue) }
}
