internal import COpenSSL

/// Bytes nobody can foresee, for keys, tokens and identifiers.
public enum RandomBytes {
    /// A number of bytes from the library's generator, which the operating system seeds.
    public static func make(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = unsafe RAND_bytes(&bytes, Int32(clamping: count))
        precondition(result == 1, "the system's random source must work: nothing secret can be made without it")
        return bytes
    }
}
