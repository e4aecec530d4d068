internal import OpenSSL

extension TLSSettings {
    /// The server's files in the form of the OpenSSL room.
    init(_ configuration: TLSServerConfiguration) {
        self.init(
            role: .server,
            certificatePath: configuration.certificatePath,
            keyPath: configuration.keyPath,
            authoritiesPath: configuration.clientAuthoritiesPath,
            verification: configuration.clientVerification.inOpenSSL,
            protocols: ["h2", "http/1.1"]
        )
    }

    /// The client's files in the form of the OpenSSL room.
    init(_ configuration: TLSClientConfiguration) {
        self.init(
            role: .client,
            certificatePath: configuration.certificatePath,
            keyPath: configuration.keyPath,
            authoritiesPath: configuration.authoritiesPath,
            verification: .required,
            protocols: ["h2"]
        )
    }
}

extension TLSServerConfiguration.ClientVerification {
    var inOpenSSL: TLSSettings.Verification {
        switch self {
        case .none: .none
        case .optional: .optional
        case .required: .required
        }
    }
}

extension TransportError {
    init(_ error: OpenSSLError) {
        self.init(.tls, error.operation, error.detail)
    }
}
