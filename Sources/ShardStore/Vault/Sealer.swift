internal import OpenSSL

/// Seals what one writer writes, under the key that was the newest when it began.
final class Sealer {
    /// The number of the key.
    let number: UInt32
    private let cipher: GCMCipher
    private var nonce = [UInt8](repeating: 0, count: GCMCipher.nonceLength)
    private var count: UInt32 = 0

    init(_ vault: Vault) {
        let newest = vault.newest
        number = newest.number
        cipher = GCMCipher(key: newest.key, .seal)
        draw()
    }

    /// Draws the part of the nonces that tells this writer from all others.
    private func draw() {
        nonce.replaceSubrange(..<8, with: RandomBytes.make(8))
        count = 0
    }

    /// Seals a text into a place of `SealedBytes.overhead` bytes more.
    func seal(
        _ text: UnsafeRawBufferPointer,
        bound: UnsafeRawBufferPointer,
        into place: UnsafeMutableRawBufferPointer
    ) {
        precondition(place.count == text.count + SealedBytes.overhead, "the place takes what sealing adds")
        if count == .max { draw() }
        count += 1
        let counter = count.littleEndian
        nonce.withUnsafeMutableBytes { $0.storeBytes(of: counter, toByteOffset: 8, as: UInt32.self) }
        place.storeBytes(of: number.littleEndian, as: UInt32.self)
        nonce.withBytes { nonce in
            let head = UnsafeMutableRawBufferPointer(
                rebasing: place[SealedBytes.numberLength..<SealedBytes.headLength]
            )
            head.copyMemory(from: nonce)
            let rest = UnsafeMutableRawBufferPointer(rebasing: place[SealedBytes.headLength...])
            cipher.seal(text, nonce: nonce, bound: bound, into: rest)
        }
    }
}
