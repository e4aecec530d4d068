internal import JSON

/// What a token that is believed says of whom it stands for.
public struct TokenClaims: Sendable, Hashable {
    /// Who issued it.
    public let issuer: String
    /// For whom it stands: a user, or the client itself.
    public let subject: String
    /// The client that holds it.
    public let client: String
    /// Its own number.
    public let id: String
    /// What it allows.
    public let scopes: ScopeSet
    /// Until when it is valid, in seconds since 1970.
    public let expires: Int
    /// The certificate to which it is bound (RFC 8705): SHA-256 in hexadecimal digits.
    public let certificate: String?
    /// The user's name, organisation, roles and purposes, as IHE IUA has them.
    public let user: TokenUser
    /// The one patient of whom it speaks, where it does.
    public let patient: String?

    init(_ claims: JSONObject, _ rules: TokenIssuer, now: Int) throws(TokenFault) {
        func moment(_ name: String) throws(TokenFault) -> Int? {
            guard let value = claims[name] else { return nil }
            guard let number = value.double, number.isFinite, abs(number) < 1e12 else { throw .claims }
            return Int(number)
        }
        guard let expires = try moment("exp") else { throw .claims }
        guard now < expires + rules.skewSeconds else { throw .expired }
        if let start = try moment("nbf"), now < start - rules.skewSeconds { throw .early }
        if let issued = try moment("iat"), now < issued - rules.skewSeconds { throw .early }
        let audiences = claims["aud"]?.array?.compactMap(\.string) ?? claims["aud"]?.string.map { [$0] } ?? []
        guard audiences.contains(where: rules.audiences.contains) else { throw .audience }
        // A name that is no text is no reason to look for the client elsewhere.
        for name in ["sub", "client_id", "azp"] where claims[name].map({ $0.string == nil }) ?? false { throw .claims }
        let subject = claims["sub"]?.string ?? ""
        let client = claims["client_id"]?.string ?? claims["azp"]?.string ?? subject
        guard !client.isEmpty else { throw .claims }
        issuer = rules.issuer
        self.subject = subject
        self.client = client
        id = claims["jti"]?.string ?? ""
        let words =
            claims["scope"]?.string.map { $0.split(separator: " ").map(String.init) }
            ?? claims["scope"]?.array?.compactMap(\.string) ?? claims["scp"]?.array?.compactMap(\.string)
        guard let words else { throw .claims }
        scopes = ScopeSet(words)
        self.expires = expires
        if let thumbprint = claims["cnf"]?["x5t#S256"] {
            guard let text = thumbprint.string, let bytes = Base64URL.decode(text), bytes.count == 32 else {
                throw .claims
            }
            certificate = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        } else {
            certificate = nil
        }
        user = TokenUser(claims["extensions"]?["ihe_iua"])
        patient = claims["extensions"]?["ihe_bppc"]?["patient_id"]?.string ?? claims["patient"]?.string
    }
}
