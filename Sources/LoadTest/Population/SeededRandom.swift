/// A random source that gives the same numbers on every machine: SplitMix64 (Steele, Lea, Flood 2014).
///
///     var random = SeededRandom(seed: 7)
///     let die = random.below(6) + 1
///
/// Integers only: floating-point results may differ between machines, and a population must not.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts at a seed.
    public init(seed: UInt64) {
        state = SeededRandom.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    }

    /// Starts at a place below a seed, so that every thing of a population has its own numbers.
    init(seed: UInt64, _ kind: Kind, _ index: Int, _ part: Int = 0) {
        let start = SeededRandom.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
        let place = UInt64(bitPattern: Int64(index)) &* 0xD1B5_4A32_D192_ED03
        let detail = UInt64(bitPattern: Int64(part)) << 8 | UInt64(kind.rawValue)
        state = SeededRandom.mix(start ^ place) ^ SeededRandom.mix(detail &+ 0x8CB9_2BA7_2F3D_8DD7)
    }

    /// What a random source belongs to; the numbers are part of what a seed means.
    enum Kind: UInt8 {
        case layout = 1
        case duplicates = 2
        case household = 3
        case person = 4
        case record = 5
        case names = 6
        case order = 7
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SeededRandom.mix(state)
    }

    /// A number in 0 ..< bound; the bound must be positive.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a random number needs room")
        // The bias is bound / 2^64: far below what a population could show.
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True in `permille` of a thousand cases.
    public mutating func chance(_ permille: Int) -> Bool { below(1_000) < permille }

    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
