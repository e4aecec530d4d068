import Bytes
import Demographics
import Identifiers
import Identity
import Matching
import ShardProtocol

/// A prepared write on its way to the leader.
///
///     id u64, key (source, value), flags u8 (1 must be new, 2 is replaced, 4 expects a version,
///     8 is vouched for, 16 is stored by a ruling, which comes last, 32 has keys of rules that are to follow, which
///     come before it: count, each u64), version u32,
///     systems: count, each; action u8, then
///     1 upsert: row, sketch u64, keys: count, each hash u64, rule u8; facts; lookup keys: count, each u64; document
///     2 delete: nothing
///     3 note: name, presence u8, document
///     4 decide: kind u8 (0 none), pair u64 u64, by, comment
///     5 rule: the request
extension PreparedWrite {
    /// A feature row at most: a store takes no larger ones.
    private static let rowLimit = 1 << 16
    /// A document at most; doors take no larger ones.
    private static let documentLimit = 16 << 20
    /// Systems and lookup keys of one record at most.
    private static let listLimit = 4_096
    /// A name, an account, a comment.
    private static let textLimit = 1 << 16

    func encode(into writer: inout ByteWriter) {
        writer.write(id.rawValue)
        writer.write(string: key.source)
        writer.write(string: key.value)
        let promises = UInt8(isVouched ? 8 : 0) | UInt8(ruling == nil ? 0 : 16) | UInt8(waiting.isEmpty ? 0 : 32)
        writer.write(
            UInt8(mustBeNew ? 1 : 0) | UInt8(isReplaced ? 2 : 0) | UInt8(expectedVersion == nil ? 0 : 4) | promises
        )
        writer.write(expectedVersion ?? 0)
        writer.write(varint: UInt64(systems.count))
        for system in systems { writer.write(string: system) }
        switch action {
        case .upsert(let keyed, let lookup, let document):
            writer.write(UInt8(1))
            Self.encode(keyed, into: &writer)
            writer.write(varint: UInt64(lookup.count))
            for key in lookup { writer.write(key) }
            writer.write(prefixed: document)
        case .delete:
            writer.write(UInt8(2))
        case .note(let name, let document):
            writer.write(UInt8(3))
            writer.write(string: name)
            writer.write(UInt8(document == nil ? 0 : 1))
            writer.write(prefixed: document ?? [])
        case .decide(let kind, let pair, let by, let comment):
            writer.write(UInt8(4))
            writer.write(kind?.rawValue ?? 0)
            writer.write(pair.a.rawValue)
            writer.write(pair.b.rawValue)
            writer.write(string: by)
            writer.write(string: comment)
        case .rule(let request):
            writer.write(UInt8(5))
            request.encode(into: &writer)
        case .repost, .renew: preconditionFailure("a change of rules stays within the leader")
        }
        if !waiting.isEmpty {
            writer.write(varint: UInt64(waiting.count))
            for key in waiting { writer.write(key) }
        }
        ruling?.encode(into: &writer)
    }

    private static func encode(_ keyed: KeyedRecord, into writer: inout ByteWriter) {
        writer.write(prefixed: keyed.row)
        keyed.sketch.bits.write(into: &writer)
        writer.write(varint: UInt64(keyed.keys.count))
        for key in keyed.keys {
            writer.write(key.hash)
            writer.write(key.rule)
        }
        keyed.facts.encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let id = RecordID(try reader.read())
        let key = RecordKey(
            source: try reader.readString(limit: RecordKey.partLimit),
            value: try reader.readString(limit: RecordKey.partLimit)
        )
        let flags: UInt8 = try reader.read()
        let version: UInt32 = try reader.read()
        var systems: [String] = []
        for _ in 0..<(try reader.readCount(limit: Self.listLimit)) {
            systems.append(try reader.readString(limit: Self.textLimit))
        }
        self.init(
            id: id,
            key: key,
            action: try Self.action(id, from: &reader),
            expectedVersion: flags & 4 == 0 ? nil : version,
            mustBeNew: flags & 1 != 0,
            isReplaced: flags & 2 != 0,
            systems: systems
        )
        isVouched = flags & 8 != 0
        if flags & 32 != 0 {
            for _ in 0..<(try reader.readCount(limit: HomeRow.keyLimit)) { waiting.append(try reader.read()) }
        }
        if flags & 16 != 0 { ruling = try RulingRequest(from: &reader) }
    }

    private static func action(_ id: RecordID, from reader: inout ByteReader) throws(ByteError) -> Action {
        let at = reader.offset
        switch try reader.read(UInt8.self) {
        case 1:
            let keyed = try keyed(id, from: &reader)
            var lookup: [UInt64] = []
            for _ in 0..<(try reader.readCount(limit: listLimit)) { lookup.append(try reader.read()) }
            return .upsert(keyed, lookup: lookup, document: try reader.readBytes(limit: documentLimit))
        case 2: return .delete
        case 3:
            let name = try reader.readString(limit: textLimit)
            let isPresent = try reader.read(UInt8.self) != 0
            let document = try reader.readBytes(limit: documentLimit)
            return .note(name: name, isPresent ? document : nil)
        case 4:
            let kind: UInt8 = try reader.read()
            let pair = RecordPair(RecordID(try reader.read()), RecordID(try reader.read()))
            let decision = StewardDecision.Kind(rawValue: kind)
            guard let pair, decision != nil || kind == 0 else {
                throw .tooLarge(at: at, value: UInt64(kind), limit: 2)
            }
            return .decide(
                decision,
                pair,
                by: try reader.readString(limit: textLimit),
                comment: try reader.readString(limit: textLimit)
            )
        case 5: return .rule(try RulingRequest(from: &reader))
        case let kind: throw .tooLarge(at: at, value: UInt64(kind), limit: 5)
        }
    }

    private static func keyed(_ id: RecordID, from reader: inout ByteReader) throws(ByteError) -> KeyedRecord {
        let row = try reader.readBytes(limit: rowLimit)
        let sketch = Sketch(bits: try SketchBits(from: &reader))
        var keys: [BlockingKey] = []
        for _ in 0..<(try reader.readCount(limit: HomeRow.keyLimit)) {
            keys.append(BlockingKey(hash: try reader.read(), rule: try reader.read()))
        }
        return KeyedRecord(id: id, row: row, sketch: sketch, keys: keys, facts: try GuardFacts(from: &reader))
    }
}
