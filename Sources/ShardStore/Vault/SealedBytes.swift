internal import OpenSSL

/// Bytes as they are stored sealed: number of the key (4 bytes, little-endian), nonce (12), text, tag (16).
///
/// No nonce is used twice under a key: see `NonceSource`.
enum SealedBytes {
    static let numberLength = 4
    static let headLength = numberLength + GCMCipher.nonceLength
    /// Bytes that sealing adds.
    static let overhead = headLength + GCMCipher.tagLength

    /// What a text is bound to besides bytes, so that none is taken for one of another kind.
    enum Domain {
        /// A row of a table, bound to its key.
        case row(StateTable)
        /// The payload of a log frame, bound to its head.
        case frame
        /// The word that proves a key.
        case proof

        /// As it is bound; the tables have the numbers from 0.
        var byte: UInt8 {
            switch self {
            case .row(let table): UInt8(truncatingIfNeeded: table.rawValue)
            case .frame: 0xF0
            case .proof: 0xF1
            }
        }
    }

    /// The number of the key, or `nil` where the bytes are too short to be sealed ones.
    static func number(_ sealed: UnsafeRawBufferPointer) -> UInt32? {
        guard sealed.count >= overhead else { return nil }
        return UInt32(littleEndian: sealed.loadUnaligned(as: UInt32.self))
    }
}
