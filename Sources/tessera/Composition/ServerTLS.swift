internal import Transport

extension TLSServerConfiguration {
    /// What a server's options say of TLS; `nil` where they name no certificate or no key.
    ///
    /// - Parameters:
    ///   - certificate: the PEM file with the certificate.
    ///   - key: the PEM file with the key.
    ///   - authorities: the PEM file with those that client certificates come from.
    ///   - verification: what is asked of clients where there are authorities.
    init?(_ certificate: String?, _ key: String?, authorities: String?, _ verification: ClientVerification) {
        guard let certificate, let key else { return nil }
        self.init(
            certificatePath: certificate,
            keyPath: key,
            clientAuthoritiesPath: authorities,
            clientVerification: authorities == nil ? .none : verification
        )
    }
}
