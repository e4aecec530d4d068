internal import COpenSSL

/// A key that verifies signatures: RSA, an elliptic curve of NIST, or Ed25519.
///
///     let key = try PublicKey(curve: .p256, x: x, y: y)
///     key.verifies(signature, of: message, .es256)
@safe
public final class PublicKey: @unchecked Sendable {  // OpenSSL counts EVP_PKEY; nothing changes it once it is made
    /// The kinds of keys.
    public enum Kind: Sendable, Hashable {
        /// RSA, with the bits of its modulus.
        case rsa(bits: Int)
        /// A curve of NIST.
        case curve(Curve)
        /// Ed25519 (RFC 8032).
        case ed25519
    }

    /// The curves of NIST that web tokens use (RFC 7518, 6.2.1.1).
    public enum Curve: String, Sendable, Hashable {
        /// P-256.
        case p256 = "P-256"
        /// P-384.
        case p384 = "P-384"

        /// Bytes of a coordinate.
        public var width: Int { self == .p256 ? 32 : 48 }
    }

    let handle: OpaquePointer
    /// What kind of key it is.
    public let kind: Kind

    /// Shorter moduli are refused (NIST SP 800-131A), longer ones only cost time.
    public static let rsaBits = 2_048...8_192

    /// An RSA key from modulus and exponent, both big-endian.
    ///
    /// - Throws: `badFile` where they make none, or one that is too short.
    public convenience init(modulus: [UInt8], exponent: [UInt8]) throws(OpenSSLError) {
        let digits = modulus.drop { $0 == 0 }
        let bits = digits.count * 8 - (digits.first?.leadingZeroBitCount ?? 0)
        guard Self.rsaBits.contains(bits), !exponent.isEmpty, exponent.count <= 8 else {
            throw OpenSSLError(code: .badFile, operation: "read RSA key", detail: "a modulus of 2048 to 8192 bits")
        }
        try self.init(subjectPublicKeyInfo: DER.rsa(modulus, exponent), .rsa(bits: bits))
    }

    /// A point on a curve; leading zeros of a coordinate may be missing, as some programs write it.
    ///
    /// - Throws: `badFile` where it is none.
    public convenience init(curve: Curve, x: [UInt8], y: [UInt8]) throws(OpenSSLError) {
        guard (1...curve.width).contains(x.count), (1...curve.width).contains(y.count) else {
            throw OpenSSLError(code: .badFile, operation: "read key", detail: "not a point on \(curve.rawValue)")
        }
        func whole(_ coordinate: [UInt8]) -> [UInt8] {
            [UInt8](repeating: 0, count: curve.width - coordinate.count) + coordinate
        }
        try self.init(subjectPublicKeyInfo: DER.point(curve, whole(x), whole(y)), .curve(curve))
    }

    /// A key of Ed25519: 32 bytes.
    ///
    /// - Throws: `badFile` where they are none.
    public convenience init(ed25519 bytes: [UInt8]) throws(OpenSSLError) {
        guard bytes.count == 32 else {
            throw OpenSSLError(code: .badFile, operation: "read Ed25519 key", detail: "32 bytes are needed")
        }
        try self.init(subjectPublicKeyInfo: DER.ed25519(bytes), .ed25519)
    }

    /// A key from a file: PEM, as `openssl pkey -pubout` writes it.
    ///
    /// - Throws: `badFile` with the path.
    public convenience init(pemPath: String) throws(OpenSSLError) {
        guard let file = unsafe BIO_new_file(pemPath, "r") else {
            throw OpenSSLError.last(.badFile, "read public key \(pemPath)")
        }
        defer { unsafe BIO_free(file) }
        guard let key = unsafe PEM_read_bio_PUBKEY(file, nil, nil, nil) else {
            throw OpenSSLError.last(.badFile, "read public key \(pemPath)")
        }
        try unsafe self.init(owning: key)
    }

    private convenience init(subjectPublicKeyInfo der: [UInt8], _ kind: Kind) throws(OpenSSLError) {
        // Only while the closure runs do the bytes stay where they are.
        guard
            let key = unsafe der.withUnsafeBufferPointer({ bytes in
                var place = bytes.baseAddress
                return unsafe d2i_PUBKEY(nil, &place, bytes.count)
            })
        else { throw OpenSSLError.last(.badFile, "read key") }
        unsafe self.init(handle: key, kind: kind)
    }

    private convenience init(owning key: OpaquePointer) throws(OpenSSLError) {
        guard let kind = unsafe Self.kind(of: key) else {
            unsafe EVP_PKEY_free(key)
            throw OpenSSLError(code: .badFile, operation: "read key", detail: "neither RSA, P-256, P-384 nor Ed25519")
        }
        unsafe self.init(handle: key, kind: kind)
    }

    init(handle: OpaquePointer, kind: Kind) {
        unsafe self.handle = handle
        self.kind = kind
    }

    deinit {
        unsafe EVP_PKEY_free(handle)
    }

    static func kind(of key: OpaquePointer) -> Kind? {
        let bits = unsafe Int(EVP_PKEY_get_bits(key))
        return switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA: .rsa(bits: bits)
        case EVP_PKEY_ED25519: .ed25519
        case EVP_PKEY_EC where bits == 256: .curve(.p256)
        case EVP_PKEY_EC where bits == 384: .curve(.p384)
        default: nil
        }
    }

    /// Whether a signature in the form of web tokens (RFC 7518) is that of a message under this key.
    ///
    /// A key of another kind than the algorithm's verifies nothing.
    public func verifies(_ signature: [UInt8], of message: [UInt8], _ algorithm: SignatureAlgorithm) -> Bool {
        guard algorithm.fits(kind) else { return false }
        var signature = signature
        if case .curve(let curve) = kind {
            guard signature.count == 2 * curve.width else { return false }
            signature = DER.signature(signature)
        }
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        // What a wrong signature leaves on the thread's queue is no reason for anything that comes later.
        defer {
            unsafe EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        var parameters: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &parameters, algorithm.digest, nil, handle) == 1 else {
            return false
        }
        if algorithm.isPSS {
            guard unsafe EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
                // -1: the salt is as long as the digest, as RFC 7518 3.5 demands.
                unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, -1) == 1
            else { return false }
        }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
