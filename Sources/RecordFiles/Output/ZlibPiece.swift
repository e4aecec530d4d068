internal import CZlib

/// A piece of data in zlib's own format (RFC 1950), as file formats use it that compress some of their parts.
public enum ZlibPiece {
    /// Folds bytes.
    public static func fold(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var folded = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&folded, &length, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
        precondition(status == Z_OK, "no memory for zlib's 300 KiB")
        folded.removeSubrange(Int(length)...)
        return folded
    }

    /// Unfolds a piece that holds at most `limit` bytes.
    ///
    /// - Parameters:
    ///   - bytes: the piece, and nothing behind it.
    ///   - limit: what the format allows at most; more is refused.
    /// - Returns: the bytes.
    /// - Throws: `compressedDataDamaged` where it is no such piece, or holds more.
    public static func unfold(_ bytes: [UInt8], limit: Int) throws(RecordFileError) -> [UInt8] {
        var length = uLong(limit)
        var unfolded = [UInt8](repeating: 0, count: limit)
        let status = uncompress(&unfolded, &length, bytes, uLong(bytes.count))
        guard status == Z_OK else { throw .compressedDataDamaged(reason: "code \(status) of zlib") }
        unfolded.removeSubrange(Int(length)...)
        return unfolded
    }
}
