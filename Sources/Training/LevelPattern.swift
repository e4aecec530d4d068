public import Identifiers
public import Matching

/// How one pair of records agrees, field by field, and how rare the names are on which it agrees.
///
/// All that learning needs to know of a pair; many pairs share a pattern.
public struct LevelPattern: Hashable, Sendable, Comparable {
    /// Levels of the first eight fields, a byte each.
    let low: UInt64
    /// Levels of the other four, then the step of rarity.
    let high: UInt64

    /// Rarity is told in steps of half a bit.
    static let stepMillibits: Int32 = 500
    /// Steps either way that are told apart.
    static let stepLimit: Int32 = 40

    /// Describes a pair.
    ///
    /// - Parameters:
    ///   - levels: the level of each field.
    ///   - rarity: what the frequencies of the names add.
    public init(_ levels: LevelVector, rarity: MatchWeight) {
        let half = LevelPattern.stepMillibits / 2
        let millibits = rarity.millibits
        let step = (millibits + (millibits < 0 ? -half : half)) / LevelPattern.stepMillibits
        let kept = max(-LevelPattern.stepLimit, min(LevelPattern.stepLimit, step)) + LevelPattern.stepLimit
        (low, high) = (levels.packed.low, levels.packed.high | UInt64(kept) << 32)
    }

    /// The level of a field as an index into weight tables; 0 where there is none.
    @inline(__always)
    func level(_ field: Int) -> Int {
        field < 8
            ? Int(truncatingIfNeeded: low &>> UInt64(8 &* field) & 0xFF)
            : Int(truncatingIfNeeded: high &>> UInt64(8 &* (field &- 8)) & 0xFF)
    }

    /// Bits by which a chance agreement on these very names is rarer than one on names at large.
    var rarityBits: Double {
        Double(Int32(truncatingIfNeeded: high >> 32 & 0xFF) - LevelPattern.stepLimit)
            * Double(LevelPattern.stepMillibits) / 1_000
    }

    /// Any total order.
    public static func < (left: LevelPattern, right: LevelPattern) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
