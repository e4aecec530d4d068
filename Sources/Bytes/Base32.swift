/// Crockford's base 32 for 64-bit identifiers: 13 digits, no I, L, O or U, case does not matter when read.
public enum Base32 {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    /// Digits of a 64-bit value.
    public static let width = 13

    /// Writes a value as 13 digits, most significant first.
    public static func encode(_ value: UInt64) -> String {
        var text = [UInt8](repeating: 0, count: width)
        var rest = value
        for index in stride(from: width - 1, through: 0, by: -1) {
            text[index] = digits[Int(rest & 31)]
            rest >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads 13 digits; `O` counts as 0, `I` and `L` as 1.
    ///
    /// - Returns: `nil` where the text is not such a number or exceeds 64 bits.
    public static func decode(_ text: some StringProtocol) -> UInt64? {
        guard text.utf8.count == width else { return nil }
        var value: UInt64 = 0
        for (index, byte) in text.utf8.enumerated() {
            guard let digit = digitValue(byte), index > 0 || digit < 16 else { return nil }
            value = value << 5 | digit
        }
        return value
    }

    /// The digit that checks a text of digits by Luhn's rule modulo 32: every single wrong digit shows, and every
    /// swap of neighbours but one.
    ///
    /// - Returns: `nil` where the text holds something that is no digit.
    public static func checkDigit(_ text: some StringProtocol) -> Character? {
        var sum: UInt64 = 0
        var double = !text.utf8.count.isMultiple(of: 2)
        for byte in text.utf8 {
            guard let digit = digitValue(byte) else { return nil }
            let addend = double ? digit * 2 : digit
            sum += addend / 32 + addend % 32
            double.toggle()
        }
        return Character(UnicodeScalar(digits[Int((32 - sum % 32) % 32)]))
    }

    private static func digitValue(_ byte: UInt8) -> UInt64? {
        let value = values[Int(byte)]
        return value < 32 ? UInt64(value) : nil
    }

    /// What each byte stands for; 255 for what is no digit.
    private static let values: [UInt8] = (0...UInt8.max).map { byte in
        let upper = byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte
        switch upper {
        case UInt8(ascii: "O"): return 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
        default: return digits.firstIndex(of: upper).map(UInt8.init) ?? .max
        }
    }
}
