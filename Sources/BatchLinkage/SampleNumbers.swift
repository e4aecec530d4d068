/// Numbers for sampling, the same for the same seed: SplitMix64 (Steele, Lea and Flood 2014).
struct SampleNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number below a bound; the bias is below one in 2^32 for bounds that fit a position.
    mutating func next(below bound: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return (value ^ value >> 31).multipliedFullWidth(by: bound).high
    }
}
