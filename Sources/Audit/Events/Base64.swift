/// Base 64 with padding (RFC 4648, section 4), as FHIR's base64Binary has it.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 1
            guard count == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(bits >> shift & 63)]) }
            (bits, count) = (0, 0)
        }
        if count == 1 {
            text += [alphabet[Int(bits >> 2)], alphabet[Int(bits << 4 & 63)]] + Array("==".utf8)
        } else if count == 2 {
            text += [alphabet[Int(bits >> 10)], alphabet[Int(bits >> 4 & 63)], alphabet[Int(bits << 2 & 63)]]
            text += Array("=".utf8)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
