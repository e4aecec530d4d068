internal import COpenSSL

/// SHA-256 and what is built on it.
public enum Digest {
    /// The bytes of a SHA-256 digest.
    public static let length = 32

    /// SHA-256 (FIPS 180-4) of the bytes: 32 bytes.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        let result = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        precondition(result == 1, "SHA-256 is always there")
        return digest
    }

    /// HMAC-SHA-256 (RFC 2104) of a message under a key: 32 bytes.
    public static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        var count: UInt32 = 0
        let result = unsafe HMAC(EVP_sha256(), key, Int32(clamping: key.count), message, message.count, &digest, &count)
        precondition(unsafe result != nil && count == UInt32(length), "HMAC-SHA-256 is always there")
        return digest
    }

    /// Whether two byte strings are equal, in a time that depends on their length alone.
    public static func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }

    /// Lower-case hexadecimal digits.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
