internal import COpenSSL

/// Certificates, keys and choices loaded into OpenSSL; immutable, shared by all connections made from it.
@safe
public final class TLSContext: @unchecked Sendable {  // OpenSSL counts and locks SSL_CTX; set up before shared
    let handle: OpaquePointer
    let settings: TLSSettings

    /// Loads the files.
    ///
    /// - Throws: `badFile` with the path, `keyMismatch`, `failed`.
    public init(_ settings: TLSSettings) throws(OpenSSLError) {
        let method = settings.role == .server ? unsafe TLS_server_method() : unsafe TLS_client_method()
        guard let context = unsafe SSL_CTX_new(method) else { throw OpenSSLError.last(.failed, "make TLS context") }
        unsafe handle = context
        self.settings = settings
        try configure()
        try loadIdentity()
        try loadAuthorities()
        setVerification()
        setProtocols()
    }

    deinit {
        unsafe SSL_CTX_free(handle)
    }

    private func configure() throws(OpenSSLError) {
        guard unsafe tessera_SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) == 1 else {
            throw OpenSSLError.last(.failed, "require TLS 1.2")
        }
        unsafe tessera_SSL_CTX_set_safe_options(handle)
        // Memory for idle connections' buffers is given back; writes may be repeated from another address.
        _ = unsafe tessera_SSL_CTX_set_mode(
            handle,
            Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER)
        )
        // RFC 9113 9.2.2 forbids HTTP/2 over anything weaker in TLS 1.2; IHE ATNA (ITI-19) wants the suites of
        // finite-field Diffie-Hellman as well, which come last: they cost most.
        guard unsafe SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+aRSA+AESGCM") == 1 else {
            throw OpenSSLError.last(.failed, "choose ciphers")
        }
    }

    private func loadIdentity() throws(OpenSSLError) {
        guard let certificate = settings.certificatePath else { return }
        guard unsafe SSL_CTX_use_certificate_chain_file(handle, certificate) == 1 else {
            throw OpenSSLError.last(.badFile, "load certificate \(certificate)")
        }
        let key = settings.keyPath ?? certificate
        guard unsafe SSL_CTX_use_PrivateKey_file(handle, key, SSL_FILETYPE_PEM) == 1 else {
            let error = OpenSSLError.last(.badFile, "load key \(key)")
            let isMismatch = error.detail.contains("mismatch")
            throw isMismatch
                ? OpenSSLError(code: .keyMismatch, operation: error.operation, detail: error.detail) : error
        }
        guard unsafe SSL_CTX_check_private_key(handle) == 1 else {
            throw OpenSSLError.last(.keyMismatch, "check key \(key)")
        }
    }

    private func loadAuthorities() throws(OpenSSLError) {
        if let path = settings.authoritiesPath {
            guard unsafe SSL_CTX_load_verify_file(handle, path) == 1 else {
                throw OpenSSLError.last(.badFile, "load authorities \(path)")
            }
            if settings.role == .server, let names = unsafe SSL_load_client_CA_file(path) {
                // Tells clients with several certificates which one is meant; the context owns the list.
                unsafe SSL_CTX_set_client_CA_list(handle, names)
            }
        } else if settings.role == .client {
            guard unsafe SSL_CTX_set_default_verify_paths(handle) == 1 else {
                throw OpenSSLError.last(.badFile, "load the system's authorities")
            }
        }
    }

    private func setVerification() {
        let mode: Int32 =
            switch (settings.role, settings.verification) {
            case (.client, _): SSL_VERIFY_PEER
            case (.server, .none): SSL_VERIFY_NONE
            case (.server, .optional): SSL_VERIFY_PEER
            case (.server, .required): SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            }
        unsafe SSL_CTX_set_verify(handle, mode, nil)
    }

    private func setProtocols() {
        let offered = settings.protocolBytes
        guard !offered.isEmpty else { return }
        switch settings.role {
        case .client:
            _ = unsafe SSL_CTX_set_alpn_protos(handle, offered, UInt32(offered.count))
        case .server:
            let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
            unsafe SSL_CTX_set_alpn_select_cb(handle, Self.selectProtocol, owner)
        }
    }

    /// Picks our best protocol that the client offers; the connection goes on without one when there is none.
    ///
    /// The context outlives its engines, which keep it.
    private static let selectProtocol: SSL_CTX_alpn_select_cb_func = {
        _,
        chosen,
        chosenLength,
        offered,
        length,
        owner in
        guard let owner = unsafe owner, let offered = unsafe offered else { return SSL_TLSEXT_ERR_NOACK }
        return unsafe Unmanaged<TLSContext>.fromOpaque(owner)._withUnsafeGuaranteedRef { context in
            let client = unsafe UnsafeBufferPointer(start: offered, count: Int(length))
            for name in context.settings.protocols {
                if let range = unsafe find(Array(name.utf8), in: client) {
                    unsafe chosen?.pointee = offered + range.lowerBound
                    unsafe chosenLength?.pointee = UInt8(clamping: range.count)
                    return SSL_TLSEXT_ERR_OK
                }
            }
            return SSL_TLSEXT_ERR_NOACK
        }
    }

    private static func find(_ name: [UInt8], in list: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var index = 0
        while index < list.count {
            let start = index + 1
            let end = unsafe start + Int(list[index])
            guard end <= list.count else { return nil }
            if unsafe list[start..<end].elementsEqual(name) { return start..<end }
            index = end
        }
        return nil
    }
}
