/// Folding 64-bit values into one, inlined into the loops of this room.
enum Fold {
    /// The finaliser of MurmurHash3 (Appleby), a bijection.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var state = value
        state ^= state &>> 33
        state = state &* 0xFF51_AFD7_ED55_8CCD
        state ^= state &>> 33
        state = state &* 0xC4CE_B9FE_1A85_EC53
        state ^= state &>> 33
        return state
    }

    /// Folds a second value in, order-sensitive.
    @inline(__always)
    static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        mix((first &<< 27 | first &>> 37) &* 0x9E37_79B9_7F4A_7C15 ^ second)
    }
}
