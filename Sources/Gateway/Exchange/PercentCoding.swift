/// Percent-encoding of URLs (RFC 3986, section 2.1).
enum PercentCoding {
    /// Resolves `%XX`, and `+` where the text comes from a query.
    ///
    /// - Throws: a 400 where an escape is broken, or the bytes are no UTF-8.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool) throws(DoorFault) -> String {
        let utf8 = Array(text.utf8)
        guard utf8.contains(where: { $0 == percent || ($0 == plus && plusIsSpace) }) else { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var index = 0
        while index < utf8.count {
            let byte = utf8[index]
            if byte == percent {
                guard index + 2 < utf8.count, let high = digit(utf8[index + 1]), let low = digit(utf8[index + 2]) else {
                    let detail = "the URL holds a broken escape: % must be followed by two hexadecimal digits"
                    throw .invalid(detail, at: "url")
                }
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(plusIsSpace && byte == plus ? 0x20 : byte)
                index += 1
            }
        }
        guard let result = String(validating: bytes, as: UTF8.self) else {
            throw .invalid("the URL holds escapes that are not UTF-8", at: "url")
        }
        return result
    }

    /// Escapes everything but unreserved characters, for one segment of a path or one value of a query.
    static func encode(_ text: String) -> String { encode(text) { isUnreserved($0) } }

    /// Escapes the name of a parameter, whose modifier may stand after a colon.
    static func encodeName(_ name: String) -> String {
        encode(name) { isUnreserved($0) || $0 == UInt8(ascii: ":") }
    }

    private static func encode(_ text: String, unless isPlain: (UInt8) -> Bool) -> String {
        guard !text.utf8.allSatisfy(isPlain) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3)
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes.append(percent)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let percent = UInt8(ascii: "%")
    private static let plus = UInt8(ascii: "+")
    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
