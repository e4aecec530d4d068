import Testing

@testable import Bytes

/// Vectors of the published algorithms: a change here orphans every stored row.
struct KeyHashTests {
    @Test(
        arguments: [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
            ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
        ] as [(String, UInt64)]
    ) func matchesThePublishedVectors(text: String, hash: UInt64) {
        #expect(KeyHash.hash(text) == hash)
        #expect(KeyHash.hash(Array(text.utf8)) == hash)
    }

    @Test func theSeedMatters() {
        #expect(KeyHash.hash("abc", seed: 1) != KeyHash.hash("abc", seed: 2))
    }

    @Test func combiningIsOrdered() {
        #expect(KeyHash.combine(1, 2) != KeyHash.combine(2, 1))
    }

    @Test func crcMatchesThePublishedVector() {
        // RFC 3720, appendix B.4, and the customary check value.
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    }

    @Test("The instruction and the tables agree, whatever the length and wherever it begins")
    func crcByInstruction() {
        let bytes = (0..<6_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3 &+ $0) }
        bytes.withUnsafeBytes { all in
            for length in Array(0..<40) + [255, 256, 767, 768, 769, 1_536, 2_311, 5_000] {
                for start in [0, 1, 3, 900] {
                    let part = UnsafeRawBufferPointer(rebasing: all[start..<(start + length)])
                    #expect(
                        CRC32C.checksum(part, continuing: UInt32(length))
                            == CRC32C.checksumByTable(part, continuing: UInt32(length))
                    )
                }
            }
        }
    }

    @Test func crcContinues() {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for cut in [0, 1, 7, 8, 500, 999, 1_000] {
            let first = CRC32C.checksum(Array(bytes[..<cut]))
            #expect(CRC32C.checksum(Array(bytes[cut...]), continuing: first) == CRC32C.checksum(bytes))
        }
    }
}
