import Bytes
public import Identifiers

/// Asks for a digest of each of some adjacent slots.
public struct DigestRequest: Sendable, Equatable {
    /// Most slots of one request.
    public static let slotLimit = 64

    /// Which tables count.
    public enum Scope: UInt8, Sendable {
        /// All that replicas of a group have in common.
        case all = 0
        /// What belongs to a slot by its key, and moves with it: neither intents, which lie where they were put, nor
        /// feature rows, which lie beside postings.
        case moving = 1

        /// Whether a table counts.
        public func holds(_ table: StoreTable) -> Bool { self == .all || (table != .intent && table != .feature) }
    }

    /// The first slot.
    public var first: Slot
    /// How many slots, the first included; what lies beyond the last slot of all does not count.
    public var count: Int
    /// Which tables count.
    public var scope: Scope

    /// Makes a request.
    public init(first: Slot, count: Int, scope: Scope = .all) {
        self.first = first
        self.count = count
        self.scope = scope
    }

    /// The slots.
    public var slots: [Slot] {
        (0..<max(count, 0)).compactMap { Slot(Int(first.rawValue) + $0) }
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(first.rawValue)
        writer.write(varint: UInt64(count))
        writer.write(scope.rawValue)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let at = reader.offset
        let number: UInt16 = try reader.read()
        guard let slot = Slot(Int(number)) else {
            throw .tooLarge(at: at, value: UInt64(number), limit: UInt64(Slot.count - 1))
        }
        first = slot
        count = try reader.readCount(limit: DigestRequest.slotLimit)
        let place = reader.offset
        let code: UInt8 = try reader.read()
        guard let known = Scope(rawValue: code) else { throw .tooLarge(at: place, value: UInt64(code), limit: 1) }
        scope = known
    }
}

/// What is in a slot, in so few bytes that two stores can be compared by it.
///
/// The sum of a 64-bit hash of each row and posting, modulo 2^64: the order in which they are read does not count. It
/// guards against faults, not against forgers. What concerns one store alone, its rule sets, is not in it.
public struct SlotDigest: Sendable, Equatable {
    /// Rows of all tables.
    public private(set) var rows: UInt64 = 0
    /// Postings.
    public private(set) var postings: UInt64 = 0
    /// The sum.
    public private(set) var sum: UInt64 = 0

    /// The digest of an empty slot.
    public init() {}

    /// Adds a row.
    public mutating func add(_ table: StoreTable, _ key: StoreKey, _ value: [UInt8]) {
        let place = KeyHash.combine(KeyHash.combine(UInt64(table.rawValue), key.hash), key.sub)
        rows += 1
        sum &+= KeyHash.hash(value, seed: place)
    }

    /// Adds a posting.
    public mutating func add(_ posting: PostingsAnswer.Row) {
        // 0 is the number of no table.
        let place = KeyHash.combine(KeyHash.combine(0, posting.key), posting.record.rawValue)
        postings += 1
        let (first, second, third) = posting.sketch.words
        sum &+= KeyHash.combine(KeyHash.combine(KeyHash.combine(place, first), second), third)
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: rows)
        writer.write(varint: postings)
        writer.write(sum)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        rows = try reader.readVarint()
        postings = try reader.readVarint()
        sum = try reader.read()
    }
}
