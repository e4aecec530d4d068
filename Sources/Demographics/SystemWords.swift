/// The words of an identifier's system, such as `urn`, `ke`, `nin` of `urn:ke:nin`: without an allocation, since every
/// record has identifiers.
enum SystemWords {
    /// Calls for each run of letters and digits, in lower case, as a hash.
    @inline(__always)
    static func forEach(_ system: String, _ body: (UInt64) -> Void) {
        var word = Word()
        for byte in system.utf8 {
            switch byte {
            case 0x41...0x5A: word.append(byte + 32)
            case 0x61...0x7A, 0x30...0x39: word.append(byte)
            default:
                if !word.isEmpty { body(word.hash) }
                word = Word()
            }
        }
        if !word.isEmpty { body(word.hash) }
    }
}
