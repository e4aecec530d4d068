import Bytes
import Identifiers
import Lookup
import Matching
import ShardProtocol

/// The truth about one source record, as stored in table `home` and, for earlier versions, in `history`.
///
///     0  1  format version, now 1
///     1  1  flags: 1 = removed, 2 = replaced by another record; the upper six bits are the generation of rules
///     2  4  record version
///     6  8  sequence of the write
///    14  8  sequence of the record's first write
///    22  8  time of the write, milliseconds since 1970
///    30  8  digest of the rule set whose keys follow
///        blocking keys (hash 8, rule 1 each), source, value, document: each with a varint count or length
struct HomeRow: Equatable {
    static let format: UInt8 = 1
    /// Most keys of a record: those of two rule sets and those for looking up.
    static let keyLimit = 2 * BlockingKey.limit + LookupKey.limit

    var deleted = false
    var replaced = false
    var version: UInt32
    var sequence: Sequence
    var born: Sequence
    var updated: UInt64
    var rules: RuleSetVersion
    /// Counts the changes of rules: the last one before the record was decided.
    var generation: UInt8 = 0
    var keys: [BlockingKey]
    var key: RecordKey
    var document: [UInt8]

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: document.count + keys.count * 9 + 160)
        writer.write(HomeRow.format)
        writer.write(UInt8(deleted ? 1 : 0) | UInt8(replaced ? 2 : 0) | generation << 2)
        writer.write(version)
        writer.write(sequence.rawValue)
        writer.write(born.rawValue)
        writer.write(updated)
        writer.write(rules.digest)
        writer.write(varint: UInt64(keys.count))
        for key in keys {
            writer.write(key.hash)
            writer.write(key.rule)
        }
        writer.write(string: key.source)
        writer.write(string: key.value)
        writer.write(prefixed: document)
        return writer.bytes
    }

    init(
        version: UInt32,
        sequence: Sequence,
        born: Sequence,
        updated: UInt64,
        rules: RuleSetVersion,
        keys: [BlockingKey],
        key: RecordKey,
        document: [UInt8]
    ) {
        self.version = version
        self.sequence = sequence
        self.born = born
        self.updated = updated
        self.rules = rules
        self.keys = keys
        self.key = key
        self.document = document
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .home) { reader throws(ByteError) in
            try HomeRow(from: &reader)
        }
    }

    private init(from reader: inout ByteReader) throws(ByteError) {
        let flags: UInt8 = try reader.read()
        deleted = flags & 1 != 0
        replaced = flags & 2 != 0
        generation = flags >> 2
        version = try reader.read()
        sequence = Sequence(try reader.read())
        born = Sequence(try reader.read())
        updated = try reader.read()
        rules = RuleSetVersion(digest: try reader.read())
        let count = try reader.readCount(limit: HomeRow.keyLimit)
        keys = []
        keys.reserveCapacity(count)
        for _ in 0..<count { keys.append(BlockingKey(hash: try reader.read(), rule: try reader.read())) }
        key = RecordKey(
            source: try reader.readString(limit: RecordKey.partLimit),
            value: try reader.readString(limit: RecordKey.partLimit)
        )
        document = try reader.readBytes(limit: 16 << 20)
    }
}
