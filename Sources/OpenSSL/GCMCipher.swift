internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) under one key and in one direction; belongs to one thread at a time.
///
/// Whoever seals sees to it that no nonce is used twice under a key.
@safe
public final class GCMCipher {
    /// What it does.
    public enum Direction: Int32, Sendable {
        /// Opens.
        case open = 0
        /// Seals.
        case seal = 1
    }

    /// Bytes of a key.
    public static let keyLength = 32
    /// Bytes of a nonce.
    public static let nonceLength = 12
    /// Bytes that sealing adds behind the text.
    public static let tagLength = 16

    private let context: OpaquePointer

    /// A cipher under a key of 32 bytes.
    public init(key: [UInt8], _ direction: Direction) {
        precondition(key.count == Self.keyLength, "AES-256 takes 32 bytes")
        guard let context = unsafe EVP_CIPHER_CTX_new(),
            unsafe EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nil, direction.rawValue) == 1
        else { preconditionFailure("AES-256-GCM is always there") }
        unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// Seals a text: writes as many bytes and the tag.
    ///
    /// - Parameters:
    ///   - text: what is sealed; may lie where the sealed bytes go.
    ///   - nonce: 12 bytes that were never used under this key.
    ///   - bound: what is not sealed itself, but must be the same when it is opened.
    ///   - place: of `text.count + 16` bytes.
    public func seal(
        _ text: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer,
        bound: UnsafeRawBufferPointer,
        into place: UnsafeMutableRawBufferPointer
    ) {
        precondition(place.count == text.count + Self.tagLength, "the place takes text and tag")
        let isDone = unsafe pass(text, nonce, bound, place)
        var rest: Int32 = 0
        let end = unsafe place.baseAddress.map { unsafe $0 + text.count }
        let tag = unsafe end?.assumingMemoryBound(to: UInt8.self)
        guard isDone, unsafe EVP_CipherFinal_ex(context, tag, &rest) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), end) == 1
        else { preconditionFailure("AES-256-GCM seals whatever it is given") }
    }

    /// Opens what was sealed.
    ///
    /// - Parameters:
    ///   - sealed: text and tag; may begin where the text goes.
    ///   - nonce: what it was sealed with.
    ///   - bound: what it was sealed with.
    ///   - place: of `sealed.count - 16` bytes.
    /// - Returns: false where it is not what was sealed under this key, this nonce and these bound bytes.
    public func open(
        _ sealed: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer,
        bound: UnsafeRawBufferPointer,
        into place: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard sealed.count >= Self.tagLength, place.count == sealed.count - Self.tagLength else { return false }
        var tag = unsafe [UInt8](sealed.suffix(Self.tagLength))
        let text = unsafe UnsafeRawBufferPointer(rebasing: sealed.dropLast(Self.tagLength))
        guard unsafe pass(text, nonce, bound, place),
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), &tag) == 1
        else { return false }
        var end = [UInt8](repeating: 0, count: Self.tagLength)
        var rest: Int32 = 0
        return unsafe EVP_CipherFinal_ex(context, &end, &rest) == 1
    }

    private func pass(
        _ text: UnsafeRawBufferPointer,
        _ nonce: UnsafeRawBufferPointer,
        _ bound: UnsafeRawBufferPointer,
        _ place: UnsafeMutableRawBufferPointer
    ) -> Bool {
        precondition(nonce.count == Self.nonceLength, "a nonce of 12 bytes")
        var count: Int32 = 0
        let start = unsafe nonce.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard unsafe EVP_CipherInit_ex(context, nil, nil, nil, start, -1) == 1 else { return false }
        if !bound.isEmpty {
            let first = unsafe bound.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard unsafe EVP_CipherUpdate(context, nil, &count, first, Int32(clamping: bound.count)) == 1 else {
                return false
            }
        }
        guard !text.isEmpty else { return true }
        let from = unsafe text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let to = unsafe place.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return unsafe EVP_CipherUpdate(context, to, &count, from, Int32(clamping: text.count)) == 1
            && Int(count) == text.count
    }
}
