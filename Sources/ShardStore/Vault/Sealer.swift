internal import OpenSSL

/// Seals what one writer writes, under the key that was the newest when it began; belongs to one thread at a time.
final class Sealer {
    /// The number of the key.
    let number: UInt32
    private let vault: Vault
    private let cipher: GCMCipher
    private var counters: Range<UInt32> = 0..<0
    /// Number of the key, eight bytes that the process drew, counter.
    private var head: [UInt8]

    init(_ vault: Vault) {
        let newest = vault.newest
        self.vault = vault
        number = newest.number
        cipher = GCMCipher(key: newest.key, .seal)
        head = [UInt8](repeating: 0, count: SealedBytes.headLength)
        set(number, at: 0)
    }

    /// Seals a text into a place of `SealedBytes.overhead` bytes more.
    func seal(
        _ text: UnsafeRawBufferPointer,
        _ domain: SealedBytes.Domain,
        bound: UnsafeRawBufferPointer,
        into place: UnsafeMutableRawBufferPointer
    ) {
        if counters.isEmpty {
            let nonces = vault.nonces()
            head.replaceSubrange(SealedBytes.numberLength..<(head.count - 4), with: nonces.prefix)
            counters = nonces.counters
        }
        set(counters.removeFirst(), at: head.count - 4)
        cipher.seal(text, behind: head, domain: domain.byte, bound: bound, into: place)
    }

    private func set(_ word: UInt32, at offset: Int) {
        for byte in 0..<4 { head[offset + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte)) }
    }
}
