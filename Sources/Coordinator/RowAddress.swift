import Bytes
import Identifiers
import Identity
import ShardProtocol

extension ReadRequest.Address {
    /// Writes whose change rows stand together under one hash: long enough that a reader walks runs, short enough
    /// that the feed spreads over all shards.
    static let feedBlock: UInt64 = 1_024

    static func home(_ id: RecordID) -> Self { Self(.home, StoreKey(id.rawValue)) }
    static func link(_ id: RecordID) -> Self { Self(.link, StoreKey(id.rawValue)) }
    static func component(_ id: RecordID) -> Self { Self(.component, StoreKey(id.rawValue)) }
    static func golden(_ id: GoldenID) -> Self { Self(.golden, StoreKey(id.rawValue)) }

    static func change(_ sequence: Sequence) -> Self {
        let block = sequence.rawValue / feedBlock
        return Self(.change, StoreKey(feedHash(block: block), sub: sequence.rawValue))
    }

    /// Where the change rows of a block stand.
    static func feedHash(block: UInt64) -> UInt64 { KeyHash.mix(block &+ 0x6665_6564) }

    /// What one write did to one person.
    static func personChange(_ golden: GoldenID, _ sequence: Sequence) -> Self {
        Self(.change, StoreKey(personHash(golden), sub: sequence.rawValue))
    }

    /// Where the changes of a person stand together.
    static func personHash(_ golden: GoldenID) -> UInt64 { KeyHash.combine(golden.rawValue, 0x7065_7273_6F6E) }

    /// Where it stands that a system of identifiers was seen.
    static func system(_ system: String) -> Self { Self(.meta, StoreKey(KeyHash.hash(system, seed: 0x7379_7374_656D))) }

    /// Where a document stands that is kept under a name.
    static func note(_ name: String) -> Self { Self(.meta, StoreKey(KeyHash.hash(name, seed: 0x6E_6F74_6573))) }

    /// Where an update of a record is held.
    static func held(_ id: RecordID) -> Self { Self(.review, StoreKey(KeyHash.combine(id.rawValue, 0x6865_6C64))) }

    /// Where a ruling stands in the book.
    static func ruling(_ number: UInt64) -> Self { Self(.meta, StoreKey(KeyHash.combine(number, 0x7275_6C69_6E67))) }

    /// Where it stands how many rulings there are.
    static let rulingCount = Self(.meta, StoreKey(KeyHash.combine(0, 0x7275_6C69_6E67)))

    /// Where the open questions about a record are named beside each other, so that they are found without the queue.
    static func questionHash(_ record: RecordID) -> UInt64 { KeyHash.combine(record.rawValue, 0x6173_6B65_64) }

    /// The entry of a question under one of its two records; among the changes, whose rows have a second part of a key.
    static func question(_ task: ReviewTask, of record: RecordID) -> Self {
        Self(.change, StoreKey(questionHash(record), sub: review(task).key.hash))
    }

    static func review(_ task: ReviewTask) -> Self {
        let pair = KeyHash.combine(task.pair.a.rawValue, task.pair.b.rawValue)
        return Self(.review, StoreKey(KeyHash.combine(pair, UInt64(task.reason.code))))
    }
}
