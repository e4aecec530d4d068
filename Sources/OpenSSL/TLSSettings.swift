/// The files and choices of one end of TLS.
public struct TLSSettings: Sendable, Hashable {
    /// Which end of the handshake.
    public enum Role: Sendable, Hashable {
        /// Accepts connections.
        case server
        /// Makes connections.
        case client
    }

    /// Whether the other end must show a certificate.
    public enum Verification: Sendable, Hashable {
        /// It is not asked.
        case none
        /// It may show one; a wrong one fails the handshake.
        case optional
        /// It must show one.
        case required
    }

    /// Which end of the handshake.
    public var role: Role
    /// The certificate to show with those that lead to its authority, PEM.
    public var certificatePath: String?
    /// The private key of that certificate, PEM without a pass phrase.
    public var keyPath: String?
    /// The authorities to accept, PEM; nil: those of the operating system.
    public var authoritiesPath: String?
    /// Whether the other end must show a certificate; a client always verifies its server.
    public var verification: Verification
    /// Protocol names for ALPN, the best first.
    public var protocols: [String]

    /// Settings.
    public init(
        role: Role,
        certificatePath: String? = nil,
        keyPath: String? = nil,
        authoritiesPath: String? = nil,
        verification: Verification = .none,
        protocols: [String] = ["h2", "http/1.1"]
    ) {
        self.role = role
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.authoritiesPath = authoritiesPath
        self.verification = verification
        self.protocols = protocols
    }

    /// The files that matter for a reload.
    var paths: [String] {
        [certificatePath, keyPath, authoritiesPath].compactMap { $0 }
    }

    /// The protocol names in ALPN's form: each behind its length.
    var protocolBytes: [UInt8] {
        protocols.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8.prefix(255)) }
    }
}
