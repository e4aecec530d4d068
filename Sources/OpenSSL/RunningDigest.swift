internal import COpenSSL

/// SHA-256 of bytes that come piece by piece.
///
///     let digest = RunningDigest()
///     digest.add(first)
///     digest.add(second)
///     let result = digest.finish()
public final class RunningDigest {
    private let context: OpaquePointer

    /// Begins with no bytes.
    public init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
        let result = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(result == 1, "SHA-256 is always there")
        self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public func add(_ bytes: UnsafeRawBufferPointer) {
        let result = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(result == 1, "a digest takes all bytes")
    }

    /// Adds bytes.
    public func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

    /// The digest of all bytes: 32 bytes; nothing may be added afterwards.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Digest.length)
        let result = unsafe EVP_DigestFinal_ex(context, &digest, nil)
        precondition(result == 1, "a digest ends once")
        return digest
    }
}
