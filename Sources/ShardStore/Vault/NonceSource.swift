internal import OpenSSL

/// Nonces for all who seal under the keys of one vault: eight bytes drawn by chance, and a counter.
///
/// A process draws once, and again after 2^32 nonces, so that two are equal only where two draws are: with 92,000
/// draws under one key the chance of that is 2^-32, which is what NIST SP 800-38D (8.3) asks for. Nothing is kept on
/// the disk: a copy of a store, or a backup of its files, goes on with nonces of its own.
struct NonceSource {
    /// Nonces that a writer takes at once: more than most runs need, and few enough to be thrown away.
    static let blockCount: UInt32 = 4_096

    /// Nonces that one writer uses up.
    struct Block {
        var prefix: [UInt8] = []
        var counters: Range<UInt32> = 0..<0
    }

    private var prefix = RandomBytes.make(8)
    private var next: UInt32 = 0

    /// Nonces that nobody else gets.
    mutating func take() -> Block {
        if next > .max - NonceSource.blockCount {
            prefix = RandomBytes.make(8)
            next = 0
        }
        defer { next += NonceSource.blockCount }
        return Block(prefix: prefix, counters: next..<(next + NonceSource.blockCount))
    }
}
