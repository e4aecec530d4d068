/// A seeded generator (SplitMix64, Steele, Lea and Flood 2014): one history a seed, on every machine.
public struct SimulationRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts from a seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number from 0 up to, not including, a bound above 0.
    public mutating func next(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "a range holds something")
        return next().multipliedFullWidth(by: bound).high
    }

    /// Whether something happens that happens so many times in a thousand.
    public mutating func chance(_ perMille: Int) -> Bool { next(below: 1_000) < UInt64(perMille) }

    /// A generator of its own for one part of the world, so that one part's draws do not move another's.
    public mutating func split() -> SimulationRandom { SimulationRandom(seed: next()) }
}
