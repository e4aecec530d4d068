/// Phones and e-mail addresses.
enum ContactNormalisation {
    /// Digits that tell numbers of one country apart; what stands before them is a trunk or country prefix.
    static let significantDigits = 9
    /// Fewer digits are no number.
    static let fewestDigits = 5
    /// Most digits of an extension.
    static let extensionDigits = 6

    /// The last significant digits, then `x` and the extension where there is one; empty for a placeholder.
    static func phone(_ text: String) -> Word {
        var digits = Word()
        var suffix = Word()
        var inExtension = false
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                if inExtension {
                    if suffix.count < extensionDigits { suffix.append(byte) }
                } else {
                    digits.append(byte)
                }
            case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "#"), UInt8(ascii: ";"):
                inExtension = digits.count >= fewestDigits
            case UInt8(ascii: "o"), UInt8(ascii: "O"):
                digits.append(UInt8(ascii: "0"))
            default:
                continue
            }
        }
        guard digits.count >= fewestDigits else { return Word() }
        var result = Word()
        for index in max(0, digits.count - significantDigits)..<digits.count { result.append(digits[index]) }
        guard !IdentifierNormalisation.isPlaceholder(result) else { return Word() }
        if !suffix.isEmpty {
            result.append(UInt8(ascii: "x"))
            result.append(suffix)
        }
        return result
    }

    /// The two parts, lower case.
    ///
    /// - Returns: `nil` where nothing stands before the `@`.
    static func email(_ text: String) -> NormalisedRecord.Email? {
        var local = Word()
        var domain = Word()
        var seen = false
        for byte in text.utf8 {
            guard byte > 0x20, byte != UInt8(ascii: ",") else { continue }
            if byte == UInt8(ascii: "@") {
                seen = true
                continue
            }
            let lower = (0x41...0x5A).contains(byte) ? byte + 32 : byte
            if seen { domain.append(lower) } else { local.append(lower) }
        }
        guard !local.isEmpty, !NamePlaceholder.contains(local) else { return nil }
        return .init(local: local, domain: domain)
    }
}
