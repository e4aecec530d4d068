internal import COpenSSL

/// One TLS connection over memory: ciphertext in, plaintext out, and back.
///
/// It has no socket and no clock.
///
///     engine.receive(bytesFromSocket.span)
///     try engine.readPlaintext { piece in ... }     // drives the handshake as well
///     try engine.write(answer.span)
///     engine.takeCiphertext { piece in ... }        // what to write to the socket
@safe
public final class TLSEngine {
    private let context: TLSContext
    private let handle: OpaquePointer
    private let inbound: OpaquePointer
    private let outbound: OpaquePointer
    /// Plaintext passes through here; a TLS record holds at most 16 KiB.
    private var scratch = [UInt8](repeating: 0, count: 16 << 10)

    /// Whether the handshake is complete.
    public private(set) var isEstablished = false
    /// Whether the other end has said that it sends no more.
    public private(set) var isClosedByPeer = false

    /// One connection's engine.
    ///
    /// - Parameters:
    ///   - context: the certificates and choices.
    ///   - serverName: for a client, the name or address that the server's certificate must bear.
    /// - Throws: `failed`.
    public init(context: TLSContext, serverName: String? = nil) throws(OpenSSLError) {
        guard let handle = unsafe SSL_new(context.handle), let inbound = unsafe BIO_new(BIO_s_mem()),
            let outbound = unsafe BIO_new(BIO_s_mem())
        else { throw OpenSSLError.last(.failed, "make TLS engine") }
        self.context = context
        unsafe self.handle = handle
        unsafe self.inbound = inbound
        unsafe self.outbound = outbound
        // An empty memory BIO means "later", not "end of file".
        _ = unsafe tessera_BIO_set_mem_eof_return(inbound, -1)
        _ = unsafe tessera_BIO_set_mem_eof_return(outbound, -1)
        unsafe SSL_set_bio(handle, inbound, outbound)
        if context.settings.role == .server {
            unsafe SSL_set_accept_state(handle)
        } else {
            unsafe SSL_set_connect_state(handle)
            try expect(serverName: serverName)
        }
    }

    deinit {
        unsafe SSL_free(handle)
    }

    private func expect(serverName: String?) throws(OpenSSLError) {
        guard let serverName else { return }
        let parameters = unsafe SSL_get0_param(handle)
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, serverName) == 1 { return }
        ERR_clear_error()
        guard unsafe SSL_set1_host(handle, serverName) == 1,
            unsafe tessera_SSL_set_tlsext_host_name(handle, serverName) == 1
        else { throw OpenSSLError.last(.failed, "expect server \(serverName)") }
    }

    /// Takes ciphertext from the wire.
    public func receive(_ bytes: borrowing Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard buffer.count > 0 else { return }
            _ = unsafe BIO_write(inbound, buffer.baseAddress, Int32(clamping: buffer.count))
        }
    }

    /// Goes on with the handshake as far as what has been received allows.
    ///
    /// - Throws: `handshakeFailed`; the alert to send waits as ciphertext.
    public func handshake() throws(OpenSSLError) {
        guard !isEstablished else { return }
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(handle)
        if result == 1 {
            isEstablished = true
            return
        }
        switch unsafe SSL_get_error(handle, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
        default: throw handshakeError()
        }
    }

    private func handshakeError() -> OpenSSLError {
        let verification = unsafe SSL_get_verify_result(handle)
        var error = OpenSSLError.last(.handshakeFailed, "handshake")
        if verification != Int(X509_V_OK), let text = unsafe X509_verify_cert_error_string(verification) {
            unsafe error.detail += " (\(String(cString: text)))"
        }
        return error
    }

    /// Gives the plaintext received so far to `sink`, in pieces of at most 16 KiB; completes the handshake first.
    ///
    /// - Throws: `handshakeFailed`, `recordFailed`.
    public func readPlaintext(_ sink: (Span<UInt8>) -> Void) throws(OpenSSLError) {
        try handshake()
        guard isEstablished else { return }
        while !isClosedByPeer {
            ERR_clear_error()
            let count = unsafe SSL_read(handle, &scratch, Int32(scratch.count))
            if count > 0 {
                sink(scratch.span.extracting(0..<Int(count)))
                continue
            }
            switch unsafe SSL_get_error(handle, count) {
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
            case SSL_ERROR_ZERO_RETURN: isClosedByPeer = true
            default: throw OpenSSLError.last(.recordFailed, "read")
            }
        }
    }

    /// Encrypts plaintext; only once the handshake is complete.
    public func write(_ bytes: borrowing Span<UInt8>) throws(OpenSSLError) {
        guard bytes.count > 0 else { return }
        ERR_clear_error()
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe SSL_write(handle, buffer.baseAddress, Int32(clamping: buffer.count))
        }
        // A memory BIO takes everything, so a short count cannot happen.
        guard Int(result) == bytes.count else { throw OpenSSLError.last(.recordFailed, "write") }
    }

    /// Gives the ciphertext that has to go to the wire to `sink`, in one piece; true when there was some.
    @discardableResult
    public func takeCiphertext(_ sink: (Span<UInt8>) -> Void) -> Bool {
        var data: UnsafeMutablePointer<CChar>?
        let count = unsafe tessera_BIO_get_mem_data(outbound, &data)
        guard count > 0, let data = unsafe data else { return false }
        unsafe data.withMemoryRebound(to: UInt8.self, capacity: count) { start in
            unsafe sink(UnsafeBufferPointer(start: start, count: count).span)
        }
        unsafe tessera_BIO_reset(outbound)
        return true
    }

    /// Says that no more will be sent; the words wait as ciphertext.
    public func shutdown() {
        guard isEstablished else { return }
        ERR_clear_error()
        _ = unsafe SSL_shutdown(handle)
        ERR_clear_error()
    }

    /// The protocol agreed by ALPN; nil without one.
    public var negotiatedProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(handle, &name, &length)
        guard length > 0, unsafe name != nil else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// `TLSv1.2` or `TLSv1.3`.
    public var version: String {
        unsafe String(cString: SSL_get_version(handle))
    }

    /// The certificate of the other end, verified; nil when it showed none.
    public var peerCertificate: PeerCertificate? {
        guard unsafe SSL_get_verify_result(handle) == Int(X509_V_OK),
            let certificate = unsafe SSL_get1_peer_certificate(handle)
        else { return nil }
        defer { unsafe X509_free(certificate) }
        return unsafe PeerCertificate(certificate)
    }
}
