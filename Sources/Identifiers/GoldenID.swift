import Bytes

/// The identifier of a person: given at birth, never reused, never dead.
///
/// It is a bijective mix of the sequence number under which the person was born, so that it is unique without any
/// look-up, says nothing by its looks, and still gives back its birth order: see `birth`.
public struct GoldenID: Hashable, Sendable, CustomStringConvertible {
    /// The mixed number; also the hash by which the identifier is addressed.
    public let rawValue: UInt64

    /// Wraps a number read from a store.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Mints the identifier of a person born at a sequence number.
    public init(birth: Sequence) {
        rawValue = GoldenID.forward(birth.rawValue)
    }

    /// Reads the 14 characters written by `description`: 13 digits and a check digit.
    ///
    /// - Returns: `nil` where it is not 14 characters, holds a foreign one, or the check digit is wrong.
    public init?(_ text: some StringProtocol) {
        let body = text.dropLast()
        guard text.utf8.count == Base32.width + 1, let value = Base32.decode(body), let check = Base32.checkDigit(body),
            String(check) == text.suffix(1).uppercased()
        else { return nil }
        rawValue = value
    }

    /// When the person was born: the order of golden identifiers by age.
    public var birth: Sequence { Sequence(GoldenID.backward(rawValue)) }

    /// The slot that holds the identifier's row.
    public var slot: Slot { Slot(hash: rawValue) }

    /// 13 digits of base 32 and a check digit.
    public var description: String {
        let body = Base32.encode(rawValue)
        guard let check = Base32.checkDigit(body) else { return body }
        return body + String(check)
    }

    // Odd multipliers have inverses modulo 2^64 and x ^ (x >> 32) is its own inverse: the mix can be undone.
    private static let multiplier: UInt64 = 0xD6E8_FEB8_6659_FD93
    private static let inverse: UInt64 = {
        // Newton's iteration doubles the number of right bits: five steps from three.
        var result = multiplier
        for _ in 0..<5 { result = result &* (2 &- multiplier &* result) }
        return result
    }()

    private static func forward(_ value: UInt64) -> UInt64 {
        var state = value
        state ^= state >> 32
        state = state &* multiplier
        state ^= state >> 32
        state = state &* multiplier
        state ^= state >> 32
        return state
    }

    private static func backward(_ value: UInt64) -> UInt64 {
        var state = value
        state ^= state >> 32
        state = state &* inverse
        state ^= state >> 32
        state = state &* inverse
        state ^= state >> 32
        return state
    }
}
