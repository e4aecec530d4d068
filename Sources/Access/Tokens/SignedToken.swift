internal import JSON
internal import OpenSSL

/// A web token in its compact form (RFC 7515), taken apart but not yet believed.
public struct SignedToken: Sendable {
    /// Longer ones are refused: they would be looked at before anybody is known.
    public static let bytesMax = 16 << 10

    let algorithm: SignatureAlgorithm
    /// The key that it names.
    public let keyID: String?
    /// Who says to have issued it.
    public let issuer: String
    let claims: JSONObject
    private let message: [UInt8]
    private let signature: [UInt8]

    /// Takes a token apart.
    ///
    /// - Throws: `malformed`, `algorithm`, `claims`.
    public init(parsing text: String) throws(TokenFault) {
        guard text.utf8.count <= Self.bytesMax else { throw .malformed }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let body = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .malformed }
        guard let fields = try? JSONValue(parsing: header.span.bytes).object,
            let claims = try? JSONValue(parsing: body.span.bytes).object
        else { throw .malformed }
        // `none` and those of shared secrets are no cases of the enum: a key of an issuer is never taken for a secret.
        guard let name = fields["alg"]?.string, let algorithm = SignatureAlgorithm(rawValue: name) else {
            throw .algorithm
        }
        // Extensions that must be understood are not (RFC 7515, 4.1.11).
        guard fields["crit"] == nil else { throw .malformed }
        guard let issuer = claims["iss"]?.string, !issuer.isEmpty else { throw .claims }
        self.algorithm = algorithm
        keyID = fields["kid"]?.string
        self.issuer = issuer
        self.claims = claims
        message = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
        self.signature = signature
    }

    /// Believes it where its signature, its times and its audience are right.
    ///
    /// - Parameters:
    ///   - issuer: whose it says to be.
    ///   - keys: that issuer's keys.
    ///   - now: seconds since 1970.
    /// - Returns: what it says.
    /// - Throws: why it is not believed.
    public func verified(by issuer: TokenIssuer, _ keys: KeySet, now: Int) throws(TokenFault) -> TokenClaims {
        guard issuer.issuer == self.issuer else { throw .issuer }
        guard issuer.algorithms.contains(algorithm) else { throw .algorithm }
        let candidates = keys.candidates(keyID, algorithm)
        guard !candidates.isEmpty else { throw .key }
        guard candidates.contains(where: { $0.verifies(signature, of: message, algorithm) }) else { throw .signature }
        return try TokenClaims(claims, issuer, now: now)
    }
}
