/// The yardstick: FNV-1a over one kilobyte, a chain of dependent multiplications that nothing can speed up.
///
/// It is run beside every round of a kernel. A neighbour who takes the processor away slows both, so their ratio stays.
enum Reference {
    /// Kilobytes of one round: about 2 ms.
    static let items = 2_000
    private static let input = (0..<1_024).map { UInt8(truncatingIfNeeded: $0 &* 167) }

    /// Runs one round.
    ///
    /// - Returns: processor time of one kilobyte in nanoseconds.
    static func round() -> Double {
        let watch = Stopwatch()
        var sum: UInt64 = 0
        for turn in 0..<items { sum ^= hash(input, start: UInt64(turn)) }
        let elapsed = watch.elapsed.processor
        Sink.take(sum)
        return Double(elapsed) / Double(items)
    }

    @inline(never)
    private static func hash(_ bytes: [UInt8], start: UInt64) -> UInt64 {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325 ^ start
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return state
    }
}
