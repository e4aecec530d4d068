import OpenSSL
import Testing

/// AES-256-GCM.
@Suite("AES-256-GCM")
struct GCMCipherTests {
    private let key = [UInt8](0..<32)
    private let nonce = [UInt8](repeating: 7, count: 12)

    private func seal(
        _ text: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        domain: UInt8? = nil,
        bound: [UInt8] = []
    ) -> [UInt8] {
        var sealed = [UInt8](repeating: 0, count: nonce.count + text.count + GCMCipher.tagLength)
        sealed.withUnsafeMutableBytes { place in
            text.withUnsafeBytes { text in
                bound.withUnsafeBytes { bound in
                    GCMCipher(key: key, .seal).seal(text, behind: nonce, domain: domain, bound: bound, into: place)
                }
            }
        }
        #expect(sealed.starts(with: nonce))
        return Array(sealed.dropFirst(nonce.count))
    }

    private func open(
        _ sealed: [UInt8],
        key: [UInt8],
        nonce: [UInt8],
        domain: UInt8? = nil,
        bound: [UInt8] = []
    ) -> [UInt8]? {
        var text = [UInt8](repeating: 0, count: max(0, sealed.count - GCMCipher.tagLength))
        let isSound = text.withUnsafeMutableBytes { place in
            (nonce + sealed).withUnsafeBytes { sealed in
                bound.withUnsafeBytes { bound in
                    GCMCipher(key: key, .open)
                        .open(sealed, headLength: nonce.count, domain: domain, bound: bound, into: place)
                }
            }
        }
        return isSound ? text : nil
    }

    @Test("Test cases 13 and 14 of McGrew and Viega, The Galois/Counter Mode of Operation")
    func known() {
        let zero = [UInt8](repeating: 0, count: 32)
        let start = [UInt8](repeating: 0, count: 12)
        #expect(Digest.hexadecimal(seal([], key: zero, nonce: start)) == "530f8afbc74536b9a963b4f1c4cb738b")
        #expect(
            Digest.hexadecimal(seal([UInt8](repeating: 0, count: 16), key: zero, nonce: start))
                == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        )
    }

    @Test("What was sealed is opened, of any length; nothing else is", arguments: [0, 1, 15, 16, 17, 4_096, 100_000])
    func opens(count: Int) {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let sealed = seal(text, key: key, nonce: nonce, domain: 9, bound: [1, 2, 3])
        #expect(open(sealed, key: key, nonce: nonce, domain: 9, bound: [1, 2, 3]) == text)
        #expect(open(sealed, key: key, nonce: nonce, domain: 8, bound: [1, 2, 3]) == nil)
        #expect(open(sealed, key: key, nonce: nonce, domain: 9, bound: [1, 2, 4]) == nil)
        #expect(open(sealed, key: key.reversed(), nonce: nonce, domain: 9, bound: [1, 2, 3]) == nil)
        #expect(open(sealed, key: key, nonce: nonce.dropLast() + [0], domain: 9, bound: [1, 2, 3]) == nil)
        for place in [0, sealed.count / 2, sealed.count - 1] {
            var changed = sealed
            changed[place] ^= 1
            #expect(open(changed, key: key, nonce: nonce, domain: 9, bound: [1, 2, 3]) == nil)
        }
        #expect(open(Array(sealed.dropLast()), key: key, nonce: nonce, domain: 9, bound: [1, 2, 3]) == nil)
    }
}
