internal import Bytes
internal import ShardProtocol

/// Says of most keys that a run does not have, that it does not have them: a blocked Bloom filter (Putze, Sanders,
/// Singler 2007), 10 bits a key in blocks of a cache line, about one wrong "perhaps" in 70.
struct KeyFilter {
    static let bitsPerKey = 10
    /// Words of a block.
    private static let blockWords = 8
    /// Bits set for a key; 9 bits of the mixed hash choose each.
    private static let probes: UInt64 = 6
    /// Stands for the blocks of postings where rows have the number of their table.
    private static let postingKind: UInt64 = 255

    /// Keys wait until many fall into one part of the filter: a part fits the cache, the filter does not.
    private static let partShift: UInt64 = 56
    private static let partRoom = 512

    private var words: [UInt64]
    private var waiting: [UInt64]
    private var waitingCounts: [Int]

    /// Makes a filter for at most so many keys.
    init(limit: Int) {
        let blocks = limit * KeyFilter.bitsPerKey / (KeyFilter.blockWords * 64) + 1
        words = [UInt64](repeating: 0, count: blocks * KeyFilter.blockWords)
        let parts = 1 << (64 - Int(KeyFilter.partShift))
        waiting = [UInt64](repeating: 0, count: parts * KeyFilter.partRoom)
        waitingCounts = [Int](repeating: 0, count: parts)
    }

    static func hash(_ table: StateTable, _ key: StoreKey) -> UInt64 {
        KeyHash.mix(key.hash ^ KeyHash.mix(key.sub &+ UInt64(table.rawValue) &<< 56))
    }

    static func hash(posting key: UInt64) -> UInt64 { KeyHash.mix(key ^ KeyHash.mix(postingKind &<< 56)) }

    mutating func insert(_ hash: UInt64) {
        let part = Int(hash &>> KeyFilter.partShift)
        waiting[part * KeyFilter.partRoom + waitingCounts[part]] = hash
        waitingCounts[part] += 1
        if waitingCounts[part] == KeyFilter.partRoom { set(part) }
    }

    /// The filter with everything that was inserted.
    mutating func finish() -> [UInt64] {
        for part in waitingCounts.indices { set(part) }
        return words
    }

    /// Sets the bits of the keys that wait for a part.
    private mutating func set(_ part: Int) {
        let blocks = words.count / KeyFilter.blockWords
        let start = part * KeyFilter.partRoom
        words.withUnsafeMutableBufferPointer { words in
            for hash in waiting[start..<(start + waitingCounts[part])] {
                let block = KeyFilter.block(hash, of: blocks) * KeyFilter.blockWords
                var bits = KeyHash.mix(hash)
                for _ in 0..<KeyFilter.probes {
                    words[block + Int(bits &>> 6 & 7)] |= 1 &<< (bits & 63)
                    bits &>>= 9
                }
            }
        }
        waitingCounts[part] = 0
    }

    /// Whether a stored filter may have been given a key.
    static func mayContain(_ hash: UInt64, in stored: UnsafeRawBufferPointer) -> Bool {
        let stride = blockWords * MemoryLayout<UInt64>.size
        let start = block(hash, of: stored.count / stride) * stride
        var bits = KeyHash.mix(hash)
        for _ in 0..<probes {
            let word = stored.loadUnaligned(fromByteOffset: start + Int(bits &>> 6 & 7) &* 8, as: UInt64.self)
            if UInt64(littleEndian: word) &>> (bits & 63) & 1 == 0 { return false }
            bits &>>= 9
        }
        return true
    }

    /// Whether bytes can be a stored filter.
    static func isSound(_ stored: UnsafeRawBufferPointer) -> Bool {
        !stored.isEmpty && stored.count % (blockWords * MemoryLayout<UInt64>.size) == 0
    }

    /// Spreads the upper half of a hash evenly over so many blocks (Lemire 2019).
    private static func block(_ hash: UInt64, of count: Int) -> Int {
        Int(hash.multipliedFullWidth(by: UInt64(count)).high)
    }
}
