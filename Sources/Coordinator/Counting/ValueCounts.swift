import Bytes
import Demographics
import Identifiers
import ShardProtocol
import Training

/// How many live records have a name, or a key that the rules leave out, as it was after one write.
///
/// Kept by following the feed: what a changed record had is taken back, what it has now is added. So the counts equal
/// those of reading every record, see DESIGN.md.
struct ValueCounts: Equatable, Sendable {
    /// The write after which they hold.
    var through: Sequence
    /// Live records.
    var records: UInt64 = 0
    var names = NameCounts()
    /// How many records would have a key that is left out.
    var watched: [UInt64: UInt64] = [:]
    /// Which keys those are (`CountingRules.digest`).
    var watchedBy: UInt64

    /// Counts nothing yet.
    init(through: Sequence, watchedBy: UInt64) {
        self.through = through
        self.watchedBy = watchedBy
    }

    /// Counts what a record has.
    mutating func add(_ values: RecordValues) {
        records += 1
        for name in values.names { names.add(given: name.given, family: name.family) }
        for key in values.watched { watched[key, default: 0] += 1 }
    }

    /// Takes back what a record had.
    ///
    /// - Returns: false where that was not counted before: these are not the counts of this registry.
    mutating func remove(_ values: RecordValues) -> Bool {
        guard records > 0 else { return false }
        records -= 1
        for name in values.names where !names.remove(given: name.given, family: name.family) { return false }
        for key in values.watched {
            guard let count = watched[key] else { return false }
            watched[key] = count > 1 ? count - 1 : nil
        }
        return true
    }
}

/// Counts as they are stored: format 1, through u64, records u64, digest of the keys u64, then given names, family names
/// and keys, each a count and, in order, name or key with how many records have it.
extension ValueCounts {
    private static let format: UInt8 = 1
    /// Most names or keys of a kind: more than a nation has.
    private static let entryLimit = 1 << 26

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 1 << 16)
        writer.write(Self.format)
        writer.write(through.rawValue)
        writer.write(records)
        writer.write(watchedBy)
        for table in [names.given, names.family] {
            let entries = table.map { (name: $0.key.bytes, count: $0.value) }
            writer.write(varint: UInt64(entries.count))
            for entry in entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
                writer.write(prefixed: entry.name)
                writer.write(varint: UInt64(entry.count))
            }
        }
        writer.write(varint: UInt64(watched.count))
        for (key, count) in watched.sorted(by: { $0.key < $1.key }) {
            writer.write(key)
            writer.write(varint: count)
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .meta, format: Self.format) { reader throws(ByteError) in
            let (through, records): (UInt64, UInt64) = (try reader.read(), try reader.read())
            var counts = ValueCounts(through: Sequence(through), watchedBy: try reader.read())
            counts.records = records
            let given = try Self.names(&reader)
            counts.names = NameCounts(given: given, family: try Self.names(&reader))
            for _ in 0..<(try reader.readCount(limit: Self.entryLimit)) {
                let key: UInt64 = try reader.read()
                counts.watched[key] = try reader.readVarint()
            }
            return counts
        }
    }

    private static func names(_ reader: inout ByteReader) throws(ByteError) -> [Word: Int] {
        var names: [Word: Int] = [:]
        for _ in 0..<(try reader.readCount(limit: entryLimit)) {
            let name = Word(try reader.readBytes(limit: Word.capacity))
            names[name] = try reader.readCount(limit: .max)
        }
        return names
    }
}
