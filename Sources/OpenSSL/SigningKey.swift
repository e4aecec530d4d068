internal import COpenSSL

/// A private key that signs, read from a file: Ed25519, P-256 or P-384.
///
///     let key = try SigningKey(pemPath: "/etc/tessera/audit-key.pem")      // openssl genpkey -algorithm ed25519
///     key.publicKey.verifies(try key.sign(message), of: message, key.algorithm)
@safe
public final class SigningKey: Sendable {
    /// The half that everybody may have; its handle holds the private half as well, which never leaves this room.
    public let publicKey: PublicKey
    /// How it signs.
    public let algorithm: SignatureAlgorithm

    /// Reads a key in PEM without a pass phrase.
    ///
    /// - Throws: `badFile` with the path.
    public init(pemPath: String) throws(OpenSSLError) {
        guard let file = unsafe BIO_new_file(pemPath, "r") else {
            throw OpenSSLError.last(.badFile, "read key \(pemPath)")
        }
        defer { unsafe BIO_free(file) }
        guard let key = unsafe PEM_read_bio_PrivateKey(file, nil, nil, nil) else {
            throw OpenSSLError.last(.badFile, "read key \(pemPath)")
        }
        switch unsafe PublicKey.kind(of: key) {
        case .ed25519?: (publicKey, algorithm) = unsafe (PublicKey(handle: key, kind: .ed25519), .edDSA)
        case .curve(.p256)?: (publicKey, algorithm) = unsafe (PublicKey(handle: key, kind: .curve(.p256)), .es256)
        case .curve(.p384)?: (publicKey, algorithm) = unsafe (PublicKey(handle: key, kind: .curve(.p384)), .es384)
        default:
            unsafe EVP_PKEY_free(key)
            let detail = "neither Ed25519 nor P-256 nor P-384"
            throw OpenSSLError(code: .badFile, operation: "read key \(pemPath)", detail: detail)
        }
    }

    /// Signs a message, in the form that `PublicKey.verifies` takes.
    ///
    /// - Throws: `failed`.
    public func sign(_ message: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw OpenSSLError.last(.failed, "sign") }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, algorithm.digest, nil, publicKey.handle) == 1 else {
            throw OpenSSLError.last(.failed, "sign")
        }
        // Longer than any signature of these kinds.
        var count = 256
        var signature = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
            throw OpenSSLError.last(.failed, "sign")
        }
        signature.removeLast(signature.count - count)
        guard case .curve(let curve) = publicKey.kind else { return signature }
        guard let raw = DER.rawSignature(signature, width: curve.width) else {
            throw OpenSSLError(code: .failed, operation: "sign", detail: "the library made an odd signature")
        }
        return raw
    }
}
