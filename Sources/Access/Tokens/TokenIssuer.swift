public import OpenSSL

/// An authority whose tokens are believed.
public struct TokenIssuer: Sendable, Hashable {
    /// Its name: the claim `iss`.
    public var issuer: String
    /// For whom its tokens must be: one of these is in the claim `aud`.
    public var audiences: Set<String>
    /// Where its keys are: a file, or an address that begins with `https://`.
    public var keys: String
    /// The signatures that are taken.
    public var algorithms: Set<SignatureAlgorithm>
    /// Seconds by which clocks may differ.
    public var skewSeconds: Int
    /// Where clients get tokens, told in the SMART configuration; empty: not told.
    public var tokenEndpoint: String

    /// The clocks of servers that follow NTP differ by far less.
    public static let standardSkew = 60

    /// An issuer.
    public init(
        issuer: String,
        audiences: Set<String>,
        keys: String,
        algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases),
        skewSeconds: Int = TokenIssuer.standardSkew,
        tokenEndpoint: String = ""
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
        self.algorithms = algorithms
        self.skewSeconds = skewSeconds
        self.tokenEndpoint = tokenEndpoint
    }

    /// The names of the signatures that are taken.
    public var algorithmNames: [String] { algorithms.map(\.rawValue).sorted() }

    static func algorithm(_ name: String) -> SignatureAlgorithm? { SignatureAlgorithm(rawValue: name) }

    static let knownNames = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
}
