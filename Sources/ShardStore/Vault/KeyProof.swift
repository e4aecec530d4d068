/// A word that a run has sealed under its key, so that an opening tells another key of the same number from damage.
enum KeyProof {
    /// The word, sealed.
    static func make(_ sealer: Sealer) -> [UInt8] {
        var proof = [UInt8](repeating: 0, count: SealedBytes.overhead)
        let word: [UInt8] = []
        proof.withUnsafeMutableBytes { place in word.withBytes { sealer.seal($0, .proof, bound: $0, into: place) } }
        return proof
    }

    /// The number of the key under which a file's word was sealed, if the vault has that key.
    ///
    /// - Throws: `StoreError.keys` where it has not, `.state` where there is no such word.
    static func check(_ row: UnsafeRawBufferPointer?, of path: String, _ vault: Vault?) throws(StoreError) -> UInt32 {
        guard let row, row.count == SealedBytes.overhead, let number = SealedBytes.number(row) else {
            throw .damaged("\(path) is damaged")
        }
        guard let vault else { throw .keys("\(path) is sealed under key \(number), and no keys were given") }
        guard vault.key(number) != nil else {
            throw .keys("\(path) is sealed under key \(number), which is not among those given")
        }
        let nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        let isOurs = try Opener(vault).open(row, .proof, bound: UnsafeRawBufferPointer(nothing), into: nothing)
        guard isOurs else { throw .keys("\(path) is sealed under another key \(number) than the one given") }
        return number
    }
}
