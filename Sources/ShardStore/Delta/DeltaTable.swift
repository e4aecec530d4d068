internal import Bytes
internal import Identifiers
internal import ShardProtocol

/// One entry of a `DeltaTable`; what the words mean is its user's choice.
struct DeltaEntry {
    /// The first part of the key.
    var hash: UInt64
    /// The second part of the key.
    var sub: UInt64
    /// A posting's sketch; of a row the first word, its address.
    var sketch = SketchBits(0)
    /// A row's length in bytes, or `removed`.
    var length: Int32 = 0
    /// A row's room in bytes, or one more than the position of the block's next posting.
    var link: UInt32 = 0

    static let removed: Int32 = -1
    static let present: Int32 = 0

    var key: StoreKey { StoreKey(hash, sub: sub) }
    var isRemoved: Bool { length < 0 }

    /// The address of a row's value; 0 where there is none.
    var address: UInt {
        get { UInt(truncatingIfNeeded: sketch.words.first) }
        set { sketch = SketchBits(UInt64(newValue)) }
    }
}

/// A hash table from keys to entries that are kept in the order of their arrival.
///
/// Open addressing over 32-bit positions: a look-up touches two cache lines, an entry costs 48 bytes and 8 to 16 of index.
final class DeltaTable {
    private static let firstCapacity = 64
    /// Memory of an entry with its share of the index, which has room for twice as many.
    static let bytesPerEntry = MemoryLayout<DeltaEntry>.stride + 2 * MemoryLayout<UInt32>.stride

    private(set) var entries: UnsafeMutablePointer<DeltaEntry>
    private(set) var count = 0
    private var capacity: Int
    private var index: UnsafeMutablePointer<UInt32>
    private var mask: Int
    private var order: [UInt32] = []

    init() {
        capacity = DeltaTable.firstCapacity
        entries = .allocate(capacity: capacity)
        index = .allocate(capacity: capacity * 2)
        index.initialize(repeating: 0, count: capacity * 2)
        mask = capacity * 2 - 1
    }

    deinit {
        entries.deallocate()
        index.deallocate()
    }

    /// The position of a key's entry, or `nil`.
    func find(_ hash: UInt64, _ sub: UInt64 = 0) -> Int? {
        var place = start(hash, sub)
        while true {
            let position = Int(index[place]) - 1
            if position < 0 { return nil }
            if entries[position].hash == hash, entries[position].sub == sub { return position }
            place = (place + 1) & mask
        }
    }

    /// Asks for the place where a key is looked for.
    @inline(__always)
    func announce(_ hash: UInt64, _ sub: UInt64 = 0) {
        Prefetch.lines(1, at: UInt(bitPattern: index + start(hash, sub)))
    }

    /// Asks for the entry that a key very likely has; after `announce`.
    @inline(__always)
    func expect(_ hash: UInt64, _ sub: UInt64 = 0) {
        let position = index[start(hash, sub)]
        guard position != 0 else { return }
        Prefetch.lines(1, at: UInt(bitPattern: entries + Int(position - 1)))
    }

    /// The position of a key's entry, which is made where there is none.
    func insert(_ hash: UInt64, _ sub: UInt64 = 0) -> (position: Int, isNew: Bool) {
        var place = start(hash, sub)
        while true {
            let position = Int(index[place]) - 1
            if position < 0 { break }
            if entries[position].hash == hash, entries[position].sub == sub { return (position, false) }
            place = (place + 1) & mask
        }
        if count == capacity {
            grow()
            place = start(hash, sub)
            while index[place] != 0 { place = (place + 1) & mask }
        }
        (entries + count).initialize(to: DeltaEntry(hash: hash, sub: sub))
        count += 1
        index[place] = UInt32(count)
        return (count - 1, true)
    }

    /// Positions of all entries in the order of their keys.
    func sorted() -> [UInt32] {
        sort(0..<UInt32(count))
    }

    /// Positions in the order of keys, kept from call to call: only what arrived since the last one is sorted anew.
    func keptOrder() -> [UInt32] {
        guard order.count < count else { return order }
        let fresh = sort(UInt32(order.count)..<UInt32(count))
        var merged: [UInt32] = []
        merged.reserveCapacity(count)
        var old = 0
        for position in fresh {
            while old < order.count, entries[Int(order[old])].key < entries[Int(position)].key {
                merged.append(order[old])
                old += 1
            }
            merged.append(position)
        }
        merged.append(contentsOf: order[old...])
        order = merged
        return merged
    }

    private func sort(_ positions: Range<UInt32>) -> [UInt32] {
        let entries = entries
        return positions.sorted { entries[Int($0)].key < entries[Int($1)].key }
    }

    @inline(__always)
    private func start(_ hash: UInt64, _ sub: UInt64) -> Int {
        Int(truncatingIfNeeded: KeyHash.mix(hash ^ (sub &* 0x9E37_79B1_85EB_CA87))) & mask
    }

    private func grow() {
        precondition(capacity < 1 << 30, "a delta table is bounded by the memory of its delta")
        let larger = UnsafeMutablePointer<DeltaEntry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
        index.deallocate()
        index = .allocate(capacity: capacity * 2)
        index.initialize(repeating: 0, count: capacity * 2)
        mask = capacity * 2 - 1
        for position in 0..<count {
            var place = start(entries[position].hash, entries[position].sub)
            while index[place] != 0 { place = (place + 1) & mask }
            index[place] = UInt32(position + 1)
        }
    }
}
