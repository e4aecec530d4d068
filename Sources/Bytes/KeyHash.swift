/// The 64-bit hash by which every key of the cluster is addressed; frozen, since stores outlive programs.
///
/// It is XXH64 (Collet, xxHash specification 0.1.1), chosen because it is specified, fast on short keys and has
/// published test vectors. A change of even one bit would orphan all stored rows: golden vectors hold it.
public enum KeyHash {
    @usableFromInline static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    @usableFromInline static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    @usableFromInline static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    @usableFromInline static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    @usableFromInline static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    /// Hashes a buffer.
    ///
    /// - Parameters:
    ///   - bytes: the key.
    ///   - seed: tells apart kinds of keys with the same bytes.
    /// - Returns: the hash.
    public static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        var offset = 0
        let count = bytes.count
        var state: UInt64
        if count >= 32 {
            (state, offset) = stripes(bytes, seed: seed)
        } else {
            state = seed &+ prime5
        }
        state &+= UInt64(count)
        while offset + 8 <= count {
            state ^= round(0, load64(bytes, offset))
            state = rotate(state, 27) &* prime1 &+ prime4
            offset += 8
        }
        if offset + 4 <= count {
            state ^=
                UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))) &* prime1
            state = rotate(state, 23) &* prime2 &+ prime3
            offset += 4
        }
        while offset < count {
            state ^= UInt64(bytes[offset]) &* prime5
            state = rotate(state, 11) &* prime1
            offset += 1
        }
        return mix(state)
    }

    /// Hashes an array.
    public static func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { hash($0, seed: seed) }
    }

    /// Hashes the UTF-8 of a string.
    public static func hash(_ string: String, seed: UInt64 = 0) -> UInt64 {
        var copy = string
        return copy.withUTF8 { hash(UnsafeRawBufferPointer($0), seed: seed) }
    }

    /// Folds a second value into a hash, order-sensitive.
    @inlinable
    public static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        mix((first ^ rotate(second &* prime2, 31) &* prime1) &* prime1 &+ prime4)
    }

    /// Spreads every input bit over all output bits (the finaliser of XXH64); a bijection.
    @inlinable
    public static func mix(_ value: UInt64) -> UInt64 {
        var state = value
        state ^= state &>> 33
        state = state &* prime2
        state ^= state &>> 29
        state = state &* prime3
        state ^= state &>> 32
        return state
    }

    @inlinable
    static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        (value &<< count) | (value &>> (64 &- count))
    }

    @inlinable
    static func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 {
        rotate(accumulator &+ lane &* prime2, 31) &* prime1
    }

    private static func load64(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func stripes(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> (state: UInt64, offset: Int) {
        var lane1 = seed &+ prime1 &+ prime2
        var lane2 = seed &+ prime2
        var lane3 = seed
        var lane4 = seed &- prime1
        var offset = 0
        while offset + 32 <= bytes.count {
            lane1 = round(lane1, load64(bytes, offset))
            lane2 = round(lane2, load64(bytes, offset + 8))
            lane3 = round(lane3, load64(bytes, offset + 16))
            lane4 = round(lane4, load64(bytes, offset + 24))
            offset += 32
        }
        var state = rotate(lane1, 1) &+ rotate(lane2, 7) &+ rotate(lane3, 12) &+ rotate(lane4, 18)
        for lane in [lane1, lane2, lane3, lane4] {
            state = (state ^ round(0, lane)) &* prime1 &+ prime4
        }
        return (state, offset)
    }
}
