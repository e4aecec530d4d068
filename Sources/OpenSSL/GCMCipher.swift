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

    /// Seals a text: writes a head, as many bytes as the text has, and the tag.
    ///
    /// - Parameters:
    ///   - text: what is sealed.
    ///   - head: ends in the nonce, 12 bytes that were never used under this key; what stands before is not looked at.
    ///   - domain: what kind of text it is, bound like the bytes that are.
    ///   - bound: what is not sealed itself, but must be the same when it is opened.
    ///   - place: of `head.count + text.count + 16` bytes.
    public func seal(
        _ text: UnsafeRawBufferPointer,
        behind head: [UInt8],
        domain: UInt8? = nil,
        bound: UnsafeRawBufferPointer,
        into place: UnsafeMutableRawBufferPointer
    ) {
        precondition(head.count >= Self.nonceLength, "a head ends in a nonce")
        precondition(place.count == head.count + text.count + Self.tagLength, "the place takes head, text and tag")
        unsafe place.copyBytes(from: head)
        let isBegun = begin(Array(head.suffix(Self.nonceLength)), domain)
        let rest = unsafe place.dropFirst(head.count)
        let isDone = unsafe isBegun && take(bound) && pass(text, rest.prefix(text.count))
        var tag = [UInt8](repeating: 0, count: Self.tagLength)
        var count: Int32 = 0
        guard isDone, unsafe EVP_CipherFinal_ex(context, &tag, &count) == 1,
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), &tag) == 1
        else { preconditionFailure("AES-256-GCM seals whatever it is given") }
        unsafe UnsafeMutableRawBufferPointer(rebasing: rest.suffix(Self.tagLength)).copyBytes(from: tag)
    }

    /// Opens what was sealed.
    ///
    /// - Parameters:
    ///   - sealed: head, text and tag.
    ///   - headLength: bytes of the head, the last of which are the nonce.
    ///   - domain: what it was sealed with.
    ///   - bound: what it was sealed with.
    ///   - place: of `sealed.count - headLength - 16` bytes; may be where the text stands sealed.
    /// - Returns: false where it is not what was sealed under this key, this nonce and these bound bytes; what then
    ///   stands in the place is worth nothing.
    public func open(
        _ sealed: UnsafeRawBufferPointer,
        headLength: Int,
        domain: UInt8? = nil,
        bound: UnsafeRawBufferPointer,
        into place: UnsafeMutableRawBufferPointer
    ) -> Bool {
        precondition(headLength >= Self.nonceLength, "a head ends in a nonce")
        guard sealed.count >= headLength + Self.tagLength,
            place.count == sealed.count - headLength - Self.tagLength
        else { return false }
        let nonce = unsafe Array(sealed[(headLength - Self.nonceLength)..<headLength])
        var tag = unsafe Array(sealed.suffix(Self.tagLength))
        let text = unsafe UnsafeRawBufferPointer(rebasing: sealed[headLength...].dropLast(Self.tagLength))
        guard begin(nonce, domain), unsafe take(bound), unsafe pass(text, place[...]),
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagLength), &tag) == 1
        else { return false }
        var count: Int32 = 0
        return unsafe EVP_CipherFinal_ex(context, &tag, &count) == 1
    }

    private func begin(_ nonce: [UInt8], _ domain: UInt8?) -> Bool {
        var count: Int32 = 0
        guard unsafe EVP_CipherInit_ex(context, nil, nil, nil, nonce, -1) == 1 else { return false }
        guard var domain else { return true }
        return unsafe EVP_CipherUpdate(context, nil, &count, &domain, 1) == 1
    }

    /// Takes bytes that are bound and not sealed.
    private func take(_ bound: UnsafeRawBufferPointer) -> Bool {
        var count: Int32 = 0
        guard let first = unsafe bound.bindMemory(to: UInt8.self).baseAddress else { return true }
        return unsafe EVP_CipherUpdate(context, nil, &count, first, Int32(clamping: bound.count)) == 1
    }

    /// Seals or opens a text.
    private func pass(_ text: UnsafeRawBufferPointer, _ place: Slice<UnsafeMutableRawBufferPointer>) -> Bool {
        var count: Int32 = 0
        let out = unsafe UnsafeMutableRawBufferPointer(rebasing: place).bindMemory(to: UInt8.self).baseAddress
        guard let from = unsafe text.bindMemory(to: UInt8.self).baseAddress, text.count > 0 else { return true }
        return unsafe EVP_CipherUpdate(context, out, &count, from, Int32(clamping: text.count)) == 1
            && Int(count) == text.count
    }
}
