internal import OpenSSL

/// Opens what was sealed under any key of a vault; belongs to one thread at a time.
final class Opener {
    private let vault: Vault
    private var ciphers: [(number: UInt32, cipher: GCMCipher)] = []

    init(_ vault: Vault) { self.vault = vault }

    /// Opens into a place of `SealedBytes.overhead` bytes less; false where the bytes are not what was sealed.
    ///
    /// - Throws: `StoreError.keys` where the vault does not have the key.
    func open(
        _ sealed: UnsafeRawBufferPointer,
        _ domain: SealedBytes.Domain,
        bound: UnsafeRawBufferPointer,
        into place: UnsafeMutableRawBufferPointer
    ) throws(StoreError) -> Bool {
        guard let number = SealedBytes.number(sealed) else { return false }
        return try cipher(number).open(
            sealed,
            headLength: SealedBytes.headLength,
            domain: domain.byte,
            bound: bound,
            into: place
        )
    }

    private func cipher(_ number: UInt32) throws(StoreError) -> GCMCipher {
        if let known = ciphers.first(where: { $0.number == number }) { return known.cipher }
        guard let key = vault.key(number) else {
            throw .keys("key \(number) is missing, under which some of what is stored was sealed")
        }
        let cipher = GCMCipher(key: key, .open)
        ciphers.append((number, cipher))
        return cipher
    }
}
