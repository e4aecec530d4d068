/// Whom a client trusts and what it shows, as files in PEM form; looked at again like the server's.
public struct TLSClientConfiguration: Sendable, Hashable {
    /// The authorities the server's certificate must come from; nil for those of the operating system.
    public var authoritiesPath: String?
    /// The certificate to show when the server asks, with those that lead to its authority.
    public var certificatePath: String?
    /// The private key of that certificate.
    public var keyPath: String?
    /// The name the server's certificate must bear; nil for the endpoint's host.
    public var serverName: String?

    /// A client's files.
    public init(
        authoritiesPath: String? = nil,
        certificatePath: String? = nil,
        keyPath: String? = nil,
        serverName: String? = nil
    ) {
        self.authoritiesPath = authoritiesPath
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        self.serverName = serverName
    }
}
