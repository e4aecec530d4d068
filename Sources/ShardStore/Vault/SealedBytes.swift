internal import OpenSSL

/// Bytes as they are stored sealed: number of the key (4 bytes, little-endian), nonce (12), text, tag (16).
///
/// The nonce is eight bytes that a writer drew by chance and a counter: it is never used twice.
enum SealedBytes {
    static let numberLength = 4
    static let headLength = numberLength + GCMCipher.nonceLength
    /// Bytes that sealing adds.
    static let overhead = headLength + GCMCipher.tagLength

    /// The number of the key, or `nil` where the bytes are too short to be sealed ones.
    static func number(_ sealed: UnsafeRawBufferPointer) -> UInt32? {
        guard sealed.count >= overhead else { return nil }
        return UInt32(littleEndian: sealed.loadUnaligned(as: UInt32.self))
    }

    /// Calls with what binds a row's value to its place: its table and its key.
    static func withBound<Result, Failure>(
        _ table: StateTable,
        _ key: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var words: (UInt64, UInt64, UInt64) = (UInt64(table.rawValue).littleEndian, 0, 0)
        return try withUnsafeMutableBytes(of: &words) { bytes throws(Failure) in
            UnsafeMutableRawBufferPointer(rebasing: bytes[8...]).copyMemory(from: key)
            return try body(UnsafeRawBufferPointer(rebasing: bytes[..<(8 + key.count)]))
        }
    }
}
