/// Told of a client whose TLS handshake failed: its address as the system writes it, and the reason.
///
/// It is called on an event loop and must not wait.
public typealias TLSRefusal = @Sendable (_ address: String, _ reason: String) -> Void

/// The certificates of a server, as files in PEM form.
///
/// The files are looked at again when a handshake begins, at most once a second: replaced certificates hold for new
/// connections without a restart. A replacement that does not load leaves the old one in use and is logged.
public struct TLSServerConfiguration: Sendable, Hashable {
    /// Whether clients are asked for a certificate.
    public enum ClientVerification: String, Sendable, Hashable {
        /// Clients are not asked.
        case none
        /// A client may send one; a wrong one fails the handshake.
        case optional
        /// A client must send one.
        case required
    }

    /// The certificate and those that lead to its authority, in one PEM file.
    public var certificatePath: String
    /// The private key, PEM without a pass phrase.
    public var keyPath: String
    /// The authorities that client certificates must come from; needed unless `clientVerification` is `none`.
    public var clientAuthoritiesPath: String?
    /// Whether clients are asked for a certificate.
    public var clientVerification: ClientVerification

    /// A server's files.
    public init(
        certificatePath: String,
        keyPath: String,
        clientAuthoritiesPath: String? = nil,
        clientVerification: ClientVerification = .none
    ) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.clientAuthoritiesPath = clientAuthoritiesPath
        self.clientVerification = clientVerification
    }
}
