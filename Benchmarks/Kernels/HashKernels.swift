import Bytes

/// The key hash and the checksum.
enum HashKernels {
    static let all = [keyHash, checksum]

    /// Keys of 24 bytes: about a blocking key's text.
    private static let keyHash = Kernel(name: "key-hash", item: "a key of 24 bytes", items: 500_000) {
        let input = (0..<1_048).map { UInt8(truncatingIfNeeded: $0 &* 61) }
        return {
            input.withUnsafeBytes { bytes in
                var sum: UInt64 = 0
                for turn in 0..<500_000 {
                    let start = turn & 1_023
                    sum ^= KeyHash.hash(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 24]))
                }
                return sum
            }
        }
    }

    private static let checksum = Kernel(name: "crc32c", item: "a kilobyte", items: 20_000) {
        let input = (0..<1_024).map { UInt8(truncatingIfNeeded: $0 &* 61) }
        return {
            var sum: UInt32 = 0
            for _ in 0..<20_000 { sum = CRC32C.checksum(input, continuing: sum) }
            return UInt64(sum)
        }
    }
}
