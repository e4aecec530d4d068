/// Evidence for two records being one person, in thousandths of a bit (log2 of the likelihood ratio).
///
/// Fixed point, so that sums are the same to the bit on every machine and in any order.
public struct MatchWeight: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Thousandths of a bit.
    public let millibits: Int32

    /// Wraps thousandths of a bit.
    @inlinable
    public init(millibits: Int32) { self.millibits = millibits }

    /// Rounds a weight in bits to the nearest thousandth.
    public init(bits: Double) {
        let scaled = (bits * 1_000).rounded()
        millibits = Int32(max(-1e9, min(1e9, scaled.isNaN ? 0 : scaled)))
    }

    /// No evidence either way.
    public static let zero = MatchWeight(millibits: 0)
    /// Lower than any score.
    public static let lowest = MatchWeight(millibits: Int32.min / 2)

    /// The weight in bits.
    public var bits: Double { Double(millibits) / 1_000 }

    /// Bits with three decimals and a sign.
    public var description: String {
        let magnitude = millibits.magnitude
        let fraction = String(magnitude % 1_000)
        return "\(millibits < 0 ? "-" : "+")\(magnitude / 1_000)."
            + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// Adds evidence; saturates instead of overflowing.
    @inlinable
    public static func + (left: MatchWeight, right: MatchWeight) -> MatchWeight {
        let (sum, overflow) = left.millibits.addingReportingOverflow(right.millibits)
        guard !overflow else { return MatchWeight(millibits: left.millibits < 0 ? Int32.min : Int32.max) }
        return MatchWeight(millibits: sum)
    }

    /// Orders by weight.
    @inlinable
    public static func < (left: MatchWeight, right: MatchWeight) -> Bool { left.millibits < right.millibits }
}
