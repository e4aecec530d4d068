import Bytes
public import Identifiers

/// What somebody asks of the leader about the rules.
public struct RulesOrder: Sendable, Equatable {
    /// What is asked.
    public enum Action: Sendable, Equatable {
        /// Tell how things are.
        case report
        /// Keep a rule file as a version.
        case put([UInt8])
        /// Make a version the rules; records are looked at at this rate at most, 0 for as many as can.
        case activate(RuleSetVersion, recordsPerSecond: UInt64)
        /// Make the version before the rules again.
        case rollBack(recordsPerSecond: UInt64)
        /// Let the change that is under way rest, or go on; at another rate where one is given.
        case pause(Bool, recordsPerSecond: UInt64?)
        /// Try a version on live writes; `nil` ends it.
        case shadow(RuleSetVersion?)
        /// Try a version on a share of the stored records, in thousandths; 0 ends it.
        case replay(RuleSetVersion, perMille: UInt64, recordsPerSecond: UInt64)
        /// Keep a version like this one with the counts of names and keys of now; names prove something against an
        /// alternative, `nil` for that of the version.
        case refresh(RuleSetVersion, against: String?)
    }

    /// What is asked.
    public var action: Action
    /// Who asks.
    public var by: String
    /// Why.
    public var comment: String

    /// States an order.
    public init(_ action: Action, by: String = "", comment: String = "") {
        self.action = action
        self.by = by
        self.comment = comment
    }
}

/// An order on its way to the leader: by, comment, u8 kind, then for
///
///     1 report: nothing      2 put: bytes      3 activate: digest u64, rate u64      4 roll back: rate u64
///     5 pause: u8 rests, u8 names a rate, rate u64      6 shadow: u8 presence, digest u64
///     7 replay: digest u64, share u64, rate u64      8 refresh: digest u64, u8 presence, alternative
extension RulesOrder {
    func encode(into writer: inout ByteWriter) {
        writer.write(string: PeerAnswer.cut(by))
        writer.write(string: PeerAnswer.cut(comment))
        switch action {
        case .report: writer.write(UInt8(1))
        case .put(let text):
            writer.write(UInt8(2))
            writer.write(prefixed: text)
        case .activate(let version, let rate):
            writer.write(UInt8(3))
            writer.write(version.digest)
            writer.write(rate)
        case .rollBack(let rate):
            writer.write(UInt8(4))
            writer.write(rate)
        case .pause(let rests, let rate):
            writer.write(UInt8(5))
            writer.write(UInt8(rests ? 1 : 0))
            writer.write(UInt8(rate == nil ? 0 : 1))
            writer.write(rate ?? 0)
        case .shadow(let version):
            writer.write(UInt8(6))
            writer.write(UInt8(version == nil ? 0 : 1))
            writer.write(version?.digest ?? 0)
        case .replay(let version, let share, let rate):
            writer.write(UInt8(7))
            writer.write(version.digest)
            writer.write(share)
            writer.write(rate)
        case .refresh(let version, let alternative):
            writer.write(UInt8(8))
            writer.write(version.digest)
            writer.write(UInt8(alternative == nil ? 0 : 1))
            writer.write(string: PeerAnswer.cut(alternative ?? ""))
        }
    }

    init(from reader: inout ByteReader) throws(ByteError) {
        by = try reader.readString(limit: RuleBook.textLimit)
        comment = try reader.readString(limit: RuleBook.textLimit)
        let at = reader.offset
        switch try reader.read(UInt8.self) {
        case 1: action = .report
        case 2: action = .put(try reader.readBytes(limit: RuleShelf.fileLimit))
        case 3:
            let version = RuleSetVersion(digest: try reader.read())
            action = .activate(version, recordsPerSecond: try reader.read())
        case 4: action = .rollBack(recordsPerSecond: try reader.read())
        case 5:
            let rests = try reader.read(UInt8.self) != 0
            let hasRate = try reader.read(UInt8.self) != 0
            let rate: UInt64 = try reader.read()
            action = .pause(rests, recordsPerSecond: hasRate ? rate : nil)
        case 6:
            let isThere = try reader.read(UInt8.self) != 0
            let digest: UInt64 = try reader.read()
            action = .shadow(isThere ? RuleSetVersion(digest: digest) : nil)
        case 7:
            let version = RuleSetVersion(digest: try reader.read())
            action = .replay(version, perMille: try reader.read(), recordsPerSecond: try reader.read())
        case 8:
            let version = RuleSetVersion(digest: try reader.read())
            let isThere = try reader.read(UInt8.self) != 0
            let alternative = try reader.readString(limit: RuleBook.textLimit)
            action = .refresh(version, against: isThere ? alternative : nil)
        case let kind: throw .tooLarge(at: at, value: UInt64(kind), limit: 8)
        }
    }
}
