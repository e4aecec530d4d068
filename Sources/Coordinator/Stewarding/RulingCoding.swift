import Bytes
import Identifiers
import Identity
import ShardProtocol

/// The stored form of a ruling, version 1:
///
///     u8 version, number u64, kind u8, state u8, sequence u64, at u64, by, comment, second,
///     records: count, each u64; verdicts: count, each pair u64 u64, before, after (each u8 0, or kind u8, at u64, by,
///     comment);
///     moves: count, each record u64, from u64, to u64; version u32, undoes u64, undone by u64, restored u8, held bytes
extension Ruling {
    /// Records of one ruling at most: those of the largest component.
    private static let recordLimit = 1 << 16
    private static let textLimit = 1 << 16
    /// A held update with its document.
    private static let heldLimit = 17 << 20

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 256 + verdicts.count * 64 + moves.count * 24)
        writer.write(UInt8(1))
        encode(into: &writer)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .meta) { reader throws(ByteError) in try Ruling(from: &reader) }
    }

    func encode(into writer: inout ByteWriter) {
        writer.write(number)
        writer.write(kind.rawValue)
        writer.write(state.rawValue)
        writer.write(sequence.rawValue)
        writer.write(at)
        for text in [by, comment, second] { writer.write(string: text) }
        writer.write(varint: UInt64(records.count))
        for record in records { writer.write(record.rawValue) }
        writer.write(varint: UInt64(verdicts.count))
        for verdict in verdicts {
            writer.write(verdict.pair.a.rawValue)
            writer.write(verdict.pair.b.rawValue)
            Self.encode(verdict.before, into: &writer)
            Self.encode(verdict.after, into: &writer)
        }
        writer.write(varint: UInt64(moves.count))
        for move in moves {
            writer.write(move.record.rawValue)
            writer.write(move.from.rawValue)
            writer.write(move.to.rawValue)
        }
        writer.write(version)
        writer.write(undoes)
        writer.write(undoneBy)
        writer.write(UInt8(isRestored ? 1 : 0))
        writer.write(prefixed: held)
    }

    private static func encode(_ decision: StewardDecision?, into writer: inout ByteWriter) {
        writer.write(decision?.kind.rawValue ?? 0)
        guard let decision else { return }
        writer.write(decision.at.rawValue)
        writer.write(string: decision.by)
        writer.write(string: decision.comment)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        number = try reader.read()
        let start = reader.offset
        let (kindCode, stateCode): (UInt8, UInt8) = (try reader.read(), try reader.read())
        guard let kind = Kind(rawValue: kindCode), let state = State(rawValue: stateCode) else {
            throw .trailing(at: start)
        }
        (self.kind, self.state) = (kind, state)
        sequence = Sequence(try reader.read())
        at = try reader.read()
        by = try reader.readString(limit: Self.textLimit)
        comment = try reader.readString(limit: Self.textLimit)
        second = try reader.readString(limit: Self.textLimit)
        records = []
        for _ in 0..<(try reader.readCount(limit: Self.recordLimit)) { records.append(RecordID(try reader.read())) }
        verdicts = []
        for _ in 0..<(try reader.readCount(limit: Self.recordLimit)) { verdicts.append(try Self.verdict(&reader)) }
        moves = []
        for _ in 0..<(try reader.readCount(limit: Self.recordLimit)) {
            moves.append(
                StewardMove(
                    record: RecordID(try reader.read()),
                    from: GoldenID(rawValue: try reader.read()),
                    to: GoldenID(rawValue: try reader.read())
                )
            )
        }
        version = try reader.read()
        undoes = try reader.read()
        undoneBy = try reader.read()
        isRestored = try reader.read(UInt8.self) != 0
        held = try reader.readBytes(limit: Self.heldLimit)
    }

    private static func verdict(_ reader: inout ByteReader) throws(ByteError) -> StewardVerdict {
        let start = reader.offset
        guard let pair = RecordPair(RecordID(try reader.read()), RecordID(try reader.read())) else {
            throw .trailing(at: start)
        }
        let before = try decision(on: pair, &reader)
        return StewardVerdict(pair: pair, before: before, after: try decision(on: pair, &reader))
    }

    private static func decision(
        on pair: RecordPair,
        _ reader: inout ByteReader
    ) throws(ByteError) -> StewardDecision? {
        let start = reader.offset
        let code: UInt8 = try reader.read()
        guard code != 0 else { return nil }
        guard let kind = StewardDecision.Kind(rawValue: code) else { throw .trailing(at: start) }
        return StewardDecision(
            kind: kind,
            pair: pair,
            at: Sequence(try reader.read()),
            by: try reader.readString(limit: textLimit),
            comment: try reader.readString(limit: textLimit)
        )
    }
}

/// A request to rule on its way to the leader: order u8 with its operands, by, comment, expected, records.
extension RulingRequest {
    private static let recordLimit = 1 << 16
    private static let textLimit = 1 << 16

    func encode(into writer: inout ByteWriter) {
        switch order {
        case .persons(let order): Self.encode(order, into: &writer)
        case .undo(let number): Self.encode(5, number, into: &writer)
        case .approve(let number): Self.encode(6, number, into: &writer)
        case .decline(let number): Self.encode(7, number, into: &writer)
        case .release(let record): Self.encode(8, record.rawValue, into: &writer)
        case .reject(let record): Self.encode(9, record.rawValue, into: &writer)
        case .stated(let kind, let pair):
            writer.write(UInt8(kind == .mustLink ? 10 : 11))
            Self.encode([pair.a, pair.b], into: &writer)
        case .free(let pair):
            writer.write(UInt8(12))
            Self.encode([pair.a, pair.b], into: &writer)
        }
        writer.write(string: by)
        writer.write(string: comment)
        writer.write(UInt8(expected == nil ? 0 : 1))
        writer.write(expected ?? 0)
        Self.encode(records, into: &writer)
    }

    private static func encode(_ code: UInt8, _ number: UInt64, into writer: inout ByteWriter) {
        writer.write(code)
        writer.write(number)
    }

    private static func encode(_ records: [RecordID], into writer: inout ByteWriter) {
        writer.write(varint: UInt64(records.count))
        for record in records { writer.write(record.rawValue) }
    }

    private static func encode(_ order: StewardOrder, into writer: inout ByteWriter) {
        let (code, records): (UInt8, [RecordID])
        switch order {
        case .link(let pair): (code, records) = (1, [pair.a, pair.b])
        case .never(let pair): (code, records) = (2, [pair.a, pair.b])
        case .merge(let first, let second): (code, records) = (3, [first, second])
        case .split(let leaving): (code, records) = (4, leaving)
        case .restore: preconditionFailure("earlier rulings are taken back by their number")
        }
        writer.write(code)
        encode(records, into: &writer)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        order = try Self.order(&reader)
        by = try reader.readString(limit: Self.textLimit)
        comment = try reader.readString(limit: Self.textLimit)
        let isExpected = try reader.read(UInt8.self) != 0
        let effect: UInt64 = try reader.read()
        expected = isExpected ? effect : nil
        records = try Self.records(&reader)
    }

    private static func records(_ reader: inout ByteReader) throws(ByteError) -> [RecordID] {
        var records: [RecordID] = []
        for _ in 0..<(try reader.readCount(limit: recordLimit)) { records.append(RecordID(try reader.read())) }
        return records
    }

    private static func order(_ reader: inout ByteReader) throws(ByteError) -> RulingOrder {
        let start = reader.offset
        let code: UInt8 = try reader.read()
        switch code {
        case 1...3:
            let named = try records(&reader)
            guard named.count == 2, let pair = RecordPair(named[0], named[1]) else { throw .trailing(at: start) }
            return .persons(code == 1 ? .link(pair) : code == 2 ? .never(pair) : .merge(named[0], named[1]))
        case 4: return .persons(.split(try records(&reader)))
        case 5: return .undo(try reader.read())
        case 6: return .approve(try reader.read())
        case 7: return .decline(try reader.read())
        case 8: return .release(RecordID(try reader.read()))
        case 9: return .reject(RecordID(try reader.read()))
        case 10...12:
            let named = try records(&reader)
            guard named.count == 2, let pair = RecordPair(named[0], named[1]) else { throw .trailing(at: start) }
            return code == 12 ? .free(pair) : .stated(code == 10 ? .mustLink : .cannotLink, pair)
        default: throw .tooLarge(at: start, value: UInt64(code), limit: 12)
        }
    }
}
