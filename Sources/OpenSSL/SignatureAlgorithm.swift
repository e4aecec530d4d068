internal import COpenSSL

/// The asymmetric signatures of web tokens (RFC 7518, 3.1; RFC 8037); none that a shared secret makes.
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// RSA with PKCS 1 padding and SHA-256.
    case rs256 = "RS256"
    /// RSA with PKCS 1 padding and SHA-384.
    case rs384 = "RS384"
    /// RSA with PSS padding and SHA-256.
    case ps256 = "PS256"
    /// RSA with PSS padding and SHA-384.
    case ps384 = "PS384"
    /// P-256 and SHA-256.
    case es256 = "ES256"
    /// P-384 and SHA-384.
    case es384 = "ES384"
    /// Ed25519.
    case edDSA = "EdDSA"

    /// Whether a key of a kind makes such signatures.
    public func fits(_ kind: PublicKey.Kind) -> Bool {
        switch (self, kind) {
        case (.rs256, .rsa), (.rs384, .rsa), (.ps256, .rsa), (.ps384, .rsa): true
        case (.es256, .curve(.p256)), (.es384, .curve(.p384)), (.edDSA, .ed25519): true
        default: false
        }
    }

    var isPSS: Bool { self == .ps256 || self == .ps384 }

    /// `nil` where the algorithm has its own.
    var digest: OpaquePointer? {
        switch self {
        case .rs256, .ps256, .es256: unsafe EVP_sha256()
        case .rs384, .ps384, .es384: unsafe EVP_sha384()
        case .edDSA: nil
        }
    }
}
