/// The few shapes of DER (X.690) that keys and signatures have; no reader of anything else.
enum DER {
    private static let integerTag: UInt8 = 0x02
    private static let bitStringTag: UInt8 = 0x03
    private static let sequenceTag: UInt8 = 0x30

    /// The SubjectPublicKeyInfo (RFC 5280, 4.1) of an RSA key.
    static func rsa(_ modulus: [UInt8], _ exponent: [UInt8]) -> [UInt8] {
        // rsaEncryption, NULL
        let algorithm: [UInt8] = [
            0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        let key = value(sequenceTag, integer(modulus) + integer(exponent))
        return value(sequenceTag, value(sequenceTag, algorithm) + value(bitStringTag, [0] + key))
    }

    /// The SubjectPublicKeyInfo of a point on a curve (RFC 5480).
    static func point(_ curve: PublicKey.Curve, _ x: [UInt8], _ y: [UInt8]) -> [UInt8] {
        // id-ecPublicKey
        let kind: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        let name: [UInt8] =
            curve == .p256
            ? [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
            : [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        // 4: the point is not compressed.
        return value(sequenceTag, value(sequenceTag, kind + name) + value(bitStringTag, [0, 4] + x + y))
    }

    /// The SubjectPublicKeyInfo of Ed25519 (RFC 8410).
    static func ed25519(_ bytes: [UInt8]) -> [UInt8] {
        value(sequenceTag, value(sequenceTag, [0x06, 0x03, 0x2B, 0x65, 0x70]) + value(bitStringTag, [0] + bytes))
    }

    /// An ECDSA signature from its two numbers one behind the other.
    static func signature(_ raw: [UInt8]) -> [UInt8] {
        let half = raw.count / 2
        return value(sequenceTag, integer(Array(raw[..<half])) + integer(Array(raw[half...])))
    }

    /// The two numbers of an ECDSA signature, each of a width, one behind the other; `nil` where it is none.
    static func rawSignature(_ der: [UInt8], width: Int) -> [UInt8]? {
        var rest = der[...]
        guard var content = take(sequenceTag, &rest), rest.isEmpty, let first = take(integerTag, &content),
            let second = take(integerTag, &content), content.isEmpty
        else { return nil }
        var raw: [UInt8] = []
        for number in [first, second] {
            let digits = number.drop { $0 == 0 }
            guard digits.count <= width else { return nil }
            raw += [UInt8](repeating: 0, count: width - digits.count) + digits
        }
        return raw
    }

    private static func integer(_ bytes: [UInt8]) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        // A leading bit would make it negative.
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return value(integerTag, digits)
    }

    private static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        if count < 0x80 { return [tag, UInt8(count)] + content }
        if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
        precondition(count < 0x1_0000, "no key is as long as this")
        return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + content
    }

    /// The content of a value with a short length, taken off the front.
    private static func take(_ tag: UInt8, _ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.count >= 2, bytes.removeFirst() == tag else { return nil }
        var length = Int(bytes.removeFirst())
        if length == 0x81, !bytes.isEmpty { length = Int(bytes.removeFirst()) }
        guard length <= bytes.count, length < 0x80 || length <= 0xFF else { return nil }
        let content = bytes.prefix(length)
        bytes.removeFirst(length)
        return content
    }
}
