import Bytes
import Identifiers
import ShardProtocol

/// The book as it is stored, and as it travels to other coordinators.
///
///     u8 format, now 1
///     versions: count, each digest u64, name, at u64, by, comment, bytes varint
///     turns: count, each digest u64, kind u8, at u64, by, comment
///     u8 flags: 1 active, 2 transition, 4 shadow; what is there follows in this order: digest u64;
///         number u64, from u64, to u64, phase u8, slot varint, paused u8, rate u64, at u64, by; digest u64
///     changes u64, generation u8
extension RuleBook {
    private static let format: UInt8 = 1
    /// A name, an account, a comment.
    static let textLimit = 4_096

    func encode(into writer: inout ByteWriter) {
        writer.write(varint: UInt64(versions.count))
        for version in versions {
            writer.write(version.version.digest)
            writer.write(string: PeerAnswer.cut(version.name))
            writer.write(version.at)
            writer.write(string: PeerAnswer.cut(version.by))
            writer.write(string: PeerAnswer.cut(version.comment))
            writer.write(varint: UInt64(version.bytes))
        }
        writer.write(varint: UInt64(turns.count))
        for turn in turns {
            writer.write(turn.version.digest)
            writer.write(turn.kind.rawValue)
            writer.write(turn.at)
            writer.write(string: PeerAnswer.cut(turn.by))
            writer.write(string: PeerAnswer.cut(turn.comment))
        }
        writer.write(UInt8(active == nil ? 0 : 1) | UInt8(transition == nil ? 0 : 2) | UInt8(shadow == nil ? 0 : 4))
        if let active { writer.write(active.digest) }
        if let transition {
            writer.write(transition.number)
            writer.write(transition.from.digest)
            writer.write(transition.to.digest)
            writer.write(transition.phase.rawValue)
            writer.write(varint: UInt64(transition.slot))
            writer.write(UInt8(transition.isPaused ? 1 : 0))
            writer.write(transition.recordsPerSecond)
            writer.write(transition.at)
            writer.write(string: PeerAnswer.cut(transition.by))
        }
        if let shadow { writer.write(shadow.digest) }
        writer.write(changes)
        writer.write(generation)
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        self.init()
        for _ in 0..<(try reader.readCount(limit: Self.versionLimit)) {
            versions.append(
                Version(
                    version: RuleSetVersion(digest: try reader.read()),
                    name: try reader.readString(limit: Self.textLimit),
                    at: try reader.read(),
                    by: try reader.readString(limit: Self.textLimit),
                    comment: try reader.readString(limit: Self.textLimit),
                    bytes: try reader.readCount(limit: RuleShelf.bytesLimit)
                )
            )
        }
        for _ in 0..<(try reader.readCount(limit: Self.turnLimit)) { turns.append(try Turn(from: &reader)) }
        let flags: UInt8 = try reader.read()
        if flags & 1 != 0 { active = RuleSetVersion(digest: try reader.read()) }
        if flags & 2 != 0 { transition = try Transition(from: &reader) }
        if flags & 4 != 0 { shadow = RuleSetVersion(digest: try reader.read()) }
        changes = try reader.read()
        let at = reader.offset
        generation = try reader.read()
        guard generation < RulePlan.generations else {
            throw .tooLarge(at: at, value: UInt64(generation), limit: UInt64(RulePlan.generations))
        }
    }

    /// What is stored.
    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 1_024)
        writer.write(Self.format)
        encode(into: &writer)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .meta, format: Self.format) { reader throws(ByteError) in
            try RuleBook(from: &reader)
        }
    }
}

extension RuleBook.Turn {
    init(from reader: inout ByteReader) throws(ByteError) {
        let version = RuleSetVersion(digest: try reader.read())
        let at = reader.offset
        let code: UInt8 = try reader.read()
        guard let kind = Kind(rawValue: code) else { throw .tooLarge(at: at, value: UInt64(code), limit: 4) }
        self.init(
            version: version,
            kind: kind,
            at: try reader.read(),
            by: try reader.readString(limit: RuleBook.textLimit),
            comment: try reader.readString(limit: RuleBook.textLimit)
        )
    }
}

extension RuleBook.Transition {
    init(from reader: inout ByteReader) throws(ByteError) {
        let number: UInt64 = try reader.read()
        let from = RuleSetVersion(digest: try reader.read())
        let to = RuleSetVersion(digest: try reader.read())
        let at = reader.offset
        let code: UInt8 = try reader.read()
        guard let phase = Phase(rawValue: code) else { throw .tooLarge(at: at, value: UInt64(code), limit: 2) }
        self.init(
            number: number,
            from: from,
            to: to,
            phase: phase,
            slot: try reader.readCount(limit: Slot.count),
            isPaused: try reader.read(UInt8.self) != 0,
            recordsPerSecond: try reader.read(),
            at: try reader.read(),
            by: try reader.readString(limit: RuleBook.textLimit)
        )
    }
}
