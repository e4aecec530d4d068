import Bytes
import Identifiers
import Identity
import Matching

/// An outcome on its way back from the leader: a kind, then its fields in order.
///
///     1 stored, 2 removed, 3 version conflict, 4 not found, 5 replaced, 6 exists already, 7 address collision,
///     8 unavailable, 9 decided (events: count, each with its length), 10 decision refused, 11 forbidden,
///     12 ruled, 13 held, 14 waiting (key, id, keys: count, each rule, slot u16, shard u16)
extension WriteOutcome {
    func encode(into writer: inout ByteWriter) {
        switch self {
        case .submission(let outcome): Self.encode(outcome, into: &writer)
        case .decided(let events):
            writer.write(UInt8(9))
            writer.write(varint: UInt64(events.count))
            for event in events { writer.write(prefixed: event.encoded()) }
        case .ruled(let ruling):
            writer.write(UInt8(12))
            ruling.encode(into: &writer)
        case .renewed: preconditionFailure("a change of rules stays within the leader")
        case .refusedDecision(let text):
            writer.write(UInt8(10))
            writer.write(string: PeerAnswer.cut(text))
        }
    }

    private static func encode(_ outcome: SubmissionOutcome, into writer: inout ByteWriter) {
        switch outcome {
        case .stored(let stored):
            writer.write(UInt8(1))
            encode(stored.key, into: &writer)
            writer.write(stored.id.rawValue)
            writer.write(stored.golden.rawValue)
            writer.write(stored.version)
            writer.write(UInt8(stored.created ? 1 : 0) | UInt8(stored.unchanged ? 2 : 0))
            writer.write(stored.updated)
        case .held(let held):
            writer.write(UInt8(13))
            encode(held.key, into: &writer)
            writer.write(held.id.rawValue)
            writer.write(held.golden.rawValue)
            writer.write(held.version)
        case .waiting(let waiting):
            writer.write(UInt8(14))
            encode(waiting.key, into: &writer)
            writer.write(waiting.id.rawValue)
            writer.write(varint: UInt64(waiting.unsearched.count))
            for key in waiting.unsearched {
                writer.write(string: PeerAnswer.cut(key.rule))
                writer.write(key.slot.rawValue)
                writer.write(key.shard.rawValue)
            }
        case .removed(let key, let version):
            writer.write(UInt8(2))
            encode(key, into: &writer)
            writer.write(version)
        case .refused(.versionConflict(let current)):
            writer.write(UInt8(3))
            writer.write(current)
        case .refused(.notFound): writer.write(UInt8(4))
        case .refused(.replaced): writer.write(UInt8(5))
        case .refused(.alreadyExists): writer.write(UInt8(6))
        case .refused(.addressCollision(let key)):
            writer.write(UInt8(7))
            encode(key, into: &writer)
        case .refused(.forbidden): writer.write(UInt8(11))
        case .unavailable(let reason, let seconds):
            writer.write(UInt8(8))
            writer.write(string: PeerAnswer.cut(reason))
            writer.write(UInt32(clamping: seconds))
        }
    }

    private static func encode(_ key: RecordKey, into writer: inout ByteWriter) {
        writer.write(string: key.source)
        writer.write(string: key.value)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        let at = reader.offset
        switch try reader.read(UInt8.self) {
        case 1: self = .submission(.stored(try Self.stored(from: &reader)))
        case 2: self = .submission(.removed(try Self.key(from: &reader), version: try reader.read()))
        case 3: self = .submission(.refused(.versionConflict(current: try reader.read())))
        case 4: self = .submission(.refused(.notFound))
        case 5: self = .submission(.refused(.replaced))
        case 6: self = .submission(.refused(.alreadyExists))
        case 7: self = .submission(.refused(.addressCollision(with: try Self.key(from: &reader))))
        case 8:
            let reason = try reader.readString(limit: PeerAnswer.textLimit)
            self = .unavailable(reason, retryAfter: Int(try reader.read(UInt32.self)))
        case 9: self = .decided(try Self.events(from: &reader))
        case 10: self = .refusedDecision(try reader.readString(limit: PeerAnswer.textLimit))
        case 11: self = .submission(.refused(.forbidden))
        case 12: self = .ruled(try Ruling(from: &reader))
        case 13: self = .submission(.held(try Self.held(from: &reader)))
        case 14: self = .submission(.waiting(try Self.waiting(from: &reader)))
        case let kind: throw .tooLarge(at: at, value: UInt64(kind), limit: 14)
        }
    }

    private static func stored(from reader: inout ByteReader) throws(ByteError) -> SubmissionOutcome.Stored {
        let key = try key(from: &reader)
        let id = RecordID(try reader.read())
        let golden = GoldenID(rawValue: try reader.read())
        let version: UInt32 = try reader.read()
        let flags: UInt8 = try reader.read()
        return SubmissionOutcome.Stored(
            key: key,
            id: id,
            golden: golden,
            version: version,
            created: flags & 1 != 0,
            unchanged: flags & 2 != 0,
            updated: try reader.read()
        )
    }

    private static func held(from reader: inout ByteReader) throws(ByteError) -> SubmissionOutcome.Held {
        SubmissionOutcome.Held(
            key: try key(from: &reader),
            id: RecordID(try reader.read()),
            golden: GoldenID(rawValue: try reader.read()),
            version: try reader.read()
        )
    }

    private static func waiting(from reader: inout ByteReader) throws(ByteError) -> SubmissionOutcome.Waiting {
        let key = try key(from: &reader)
        let id = RecordID(try reader.read())
        var unsearched: [MatchAnswer.UnsearchedKey] = []
        for _ in 0..<(try reader.readCount(limit: BlockingKey.limit)) {
            let rule = try reader.readString(limit: PeerAnswer.textLimit)
            let at = reader.offset
            let number: UInt16 = try reader.read()
            guard let slot = Slot(Int(number)) else {
                throw .tooLarge(at: at, value: UInt64(number), limit: UInt64(Slot.count - 1))
            }
            unsearched.append(.init(rule: rule, slot: slot, shard: ShardID(try reader.read())))
        }
        return SubmissionOutcome.Waiting(key: key, id: id, unsearched: unsearched)
    }

    private static func key(from reader: inout ByteReader) throws(ByteError) -> RecordKey {
        RecordKey(
            source: try reader.readString(limit: RecordKey.partLimit),
            value: try reader.readString(limit: RecordKey.partLimit)
        )
    }

    private static func events(from reader: inout ByteReader) throws(ByteError) -> [IdentityEvent] {
        var events: [IdentityEvent] = []
        for _ in 0..<(try reader.readCount(limit: ChangeRow.eventLimit)) {
            events.append(try IdentityEvent(from: &reader))
        }
        return events
    }
}
