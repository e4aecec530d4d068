internal import Bytes
internal import ShardProtocol

/// Where in a run's file the value of each key stands: a hash table of 12 bytes a key in blocks of a cache line.
///
/// A descent through LMDB's tree costs ten misses of the cache in a large file, this two; a key that the run does not
/// have costs one. What is found is a place to look at: whether it is the key's, the value's own head says.
///
/// A slot is 0 where it is free, else 16 bits of the hash, one bit "more than one value", and 47 bits of the offset.
struct RunIndex {
    private static let blockWords = 8
    private static let blockBytes = blockWords * MemoryLayout<UInt64>.size
    private static let several: UInt64 = 1 &<< 47
    private static let offsetMask: UInt64 = several - 1
    /// Stands for the blocks of postings where rows have the number of their table.
    private static let postingKind: UInt64 = 255
    /// Keys wait until many fall into one part of the table: a part fits the cache, the table does not.
    private static let partShift: UInt64 = 56
    private static let partRoom = 256

    /// What is known of a key.
    struct Place: Equatable {
        /// Offset of the value in the file; 0 where there is none that stands alone.
        var offset: Int
        /// Whether the value is in several places, and a cursor must collect it.
        var isSpread: Bool
    }

    private let words: UnsafeMutableBufferPointer<UInt64>
    private var waiting: [(hash: UInt64, slot: UInt64)]
    private var waitingCounts: [Int]

    /// Bytes of an index of at most so many keys, two thirds of it filled.
    static func bytes(limit: Int) -> Int { (limit * 3 / 16 + 1) * blockBytes }

    /// Builds an index in memory of `bytes(limit:)`.
    init(in memory: UnsafeMutableRawBufferPointer) {
        words = memory.bindMemory(to: UInt64.self)
        words.update(repeating: 0)
        let parts = 1 << (64 - Int(RunIndex.partShift))
        waiting = [(UInt64, UInt64)](repeating: (0, 0), count: parts * RunIndex.partRoom)
        waitingCounts = [Int](repeating: 0, count: parts)
    }

    static func hash(_ table: StateTable, _ key: StoreKey) -> UInt64 {
        KeyHash.mix(key.hash ^ KeyHash.mix(key.sub &+ UInt64(table.rawValue) &<< 56))
    }

    static func hash(posting key: UInt64) -> UInt64 { KeyHash.mix(key ^ KeyHash.mix(postingKind &<< 56)) }

    /// Notes a key.
    mutating func insert(_ hash: UInt64, _ place: Place) {
        var slot = hash &<< 48 | UInt64(place.offset) & RunIndex.offsetMask
        if place.isSpread { slot |= RunIndex.several }
        let part = Int(hash &>> RunIndex.partShift)
        waiting[part * RunIndex.partRoom + waitingCounts[part]] = (hash, slot)
        waitingCounts[part] += 1
        if waitingCounts[part] == RunIndex.partRoom { write(part) }
    }

    /// Writes what still waits.
    mutating func finish() {
        for part in waitingCounts.indices { write(part) }
    }

    private mutating func write(_ part: Int) {
        let blocks = words.count / RunIndex.blockWords
        let start = part * RunIndex.partRoom
        let end = start + waitingCounts[part]
        let base = UInt(bitPattern: words.baseAddress)
        // All lines are asked for before the first is written: else every one would be waited for.
        for place in start..<end {
            Prefetch.lines(1, at: base &+ UInt(RunIndex.block(waiting[place].hash, of: blocks) * RunIndex.blockBytes))
        }
        for (hash, slot) in waiting[start..<end] {
            var word = RunIndex.block(hash, of: blocks) * RunIndex.blockWords
            while words[word] != 0 { word = word + 1 == words.count ? 0 : word + 1 }
            words[word] = slot.littleEndian
        }
        waitingCounts[part] = 0
    }

    /// What a search for a key ends with.
    enum Found: Equatable {
        /// The run does not have the key.
        case none
        case place(Place)
        /// The index has no free slot, which a sound one always has.
        case damaged
    }

    /// The first place under a hash that is the key's.
    ///
    /// - Parameters:
    ///   - hash: of the key.
    ///   - stored: the index.
    ///   - isRight: whether a place is the key's.
    /// - Returns: the place, if any.
    @inline(__always)
    static func find(_ hash: UInt64, in stored: UnsafeRawBufferPointer, _ isRight: (Place) -> Bool) -> Found {
        let tag = hash & 0xFFFF
        let start = line(hash, bytes: stored.count)
        var offset = start
        repeat {
            let slot = UInt64(littleEndian: stored.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            if slot == 0 { return .none }
            if slot &>> 48 == tag {
                let place = Place(offset: Int(slot & offsetMask), isSpread: slot & several != 0)
                if isRight(place) { return .place(place) }
            }
            offset += 8
            if offset == stored.count { offset = 0 }
        } while offset != start
        return .damaged
    }

    /// The offset of the value that very likely is the key's, or 0: what can be said without a look at the value.
    static func likely(_ hash: UInt64, in stored: UnsafeRawBufferPointer) -> Int {
        let start = line(hash, bytes: stored.count)
        var offset = start
        repeat {
            let slot = UInt64(littleEndian: stored.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            if slot == 0 { return 0 }
            if slot &>> 48 == hash & 0xFFFF { return Int(slot & offsetMask) }
            offset += 8
            if offset == stored.count { offset = 0 }
        } while offset != start
        return 0
    }

    /// The offset of the cache line where a search for a key begins.
    static func line(_ hash: UInt64, bytes: Int) -> Int {
        block(hash, of: bytes / blockBytes) * blockBytes
    }

    /// Whether bytes can be a stored index: a search must come to a free slot.
    static func isSound(_ stored: UnsafeRawBufferPointer, keys: UInt64) -> Bool {
        !stored.isEmpty && stored.count % blockBytes == 0 && UInt64(stored.count / 8) > keys
    }

    /// Spreads the upper half of a hash evenly over so many blocks (Lemire 2019).
    private static func block(_ hash: UInt64, of count: Int) -> Int {
        Int(hash.multipliedFullWidth(by: UInt64(count)).high)
    }
}
