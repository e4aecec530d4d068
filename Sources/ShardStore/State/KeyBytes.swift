internal import ShardProtocol

/// A key as it is stored: hash and, where there is one, second part, big-endian, so that bytes order as numbers do.
struct KeyBytes {
    private let words: (UInt64, UInt64)
    private let count: Int

    init(hash: UInt64) {
        words = (hash.bigEndian, 0)
        count = 8
    }

    init(hash: UInt64, sub: UInt64) {
        words = (hash.bigEndian, sub.bigEndian)
        count = 16
    }

    init(_ key: StoreKey, in table: StateTable) {
        words = (key.hash.bigEndian, key.sub.bigEndian)
        count = table.hasSubkey ? 16 : 8
    }

    @inline(__always)
    func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: words) { bytes throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }

    /// The first part of stored key bytes.
    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    }

    /// The second part of stored key bytes, 0 where there is none.
    @inline(__always)
    static func sub(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        bytes.count < 16 ? 0 : UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
}
