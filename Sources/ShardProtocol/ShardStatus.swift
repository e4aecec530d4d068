import Bytes
public import Identifiers

/// What a shard says of itself.
public struct ShardStatus: Sendable, Equatable {
    /// The highest epoch that was accepted.
    public var epoch: Epoch
    /// The highest sequence number that is durable.
    public var through: Sequence
    /// Rows of each table in the order of `StoreTable.allCases`; approximate while writes are on their way.
    public var rows: [UInt64]
    /// Postings stored; approximate alike.
    public var postings: UInt64
    /// Bytes of the write-ahead log that are not yet in the state.
    public var logBytes: UInt64
    /// Bytes of the state's file.
    public var stateBytes: UInt64
    /// How long the last opening took to recover, in milliseconds.
    public var recoveryMilliseconds: UInt64
    /// Log frames that were replayed at the last opening.
    public var recoveredFrames: UInt64
    /// Free bytes on the disk that holds the store.
    public var diskFree: UInt64
    /// Rule sets that are installed.
    public var rules: [RuleSetVersion]

    /// What is damaged on the disk, a line each with file and place; empty while nothing is known to be.
    public var damage: [String] = []

    private static let damageLimit = 64
    private static let lineLimit = 1_024

    /// Makes a status of an empty shard.
    public init() {
        epoch = Epoch(0)
        through = .zero
        rows = [UInt64](repeating: 0, count: StoreTable.allCases.count)
        postings = 0
        logBytes = 0
        stateBytes = 0
        recoveryMilliseconds = 0
        recoveredFrames = 0
        diskFree = 0
        rules = []
    }

    func encode(into writer: inout ByteWriter, _ version: UInt16) {
        writer.write(epoch.rawValue)
        writer.write(through.rawValue)
        writer.write(varint: UInt64(rows.count))
        for count in rows { writer.write(varint: count) }
        for value in [postings, logBytes, stateBytes, recoveryMilliseconds, recoveredFrames, diskFree] {
            writer.write(varint: value)
        }
        writer.write(varint: UInt64(rules.count))
        for version in rules { writer.write(version.digest) }
        guard version > 2 else { return }
        writer.write(varint: UInt64(min(damage.count, Self.damageLimit)))
        for line in damage.prefix(Self.damageLimit) { writer.write(string: Self.clipped(line)) }
    }

    private static func clipped(_ line: String) -> String {
        guard line.utf8.count > lineLimit else { return line }
        var short = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.prefix(lineLimit / 4) { short.append(scalar) }
        return String(short)
    }

    init(from reader: inout ByteReader, _ version: UInt16) throws(ByteError) {
        self.init()
        epoch = Epoch(try reader.read())
        through = Sequence(try reader.read())
        let count = try reader.readCount(limit: 64)
        rows = []
        for _ in 0..<count { rows.append(try reader.readVarint()) }
        postings = try reader.readVarint()
        logBytes = try reader.readVarint()
        stateBytes = try reader.readVarint()
        recoveryMilliseconds = try reader.readVarint()
        recoveredFrames = try reader.readVarint()
        diskFree = try reader.readVarint()
        let ruleCount = try reader.readCount(limit: 1_024)
        for _ in 0..<ruleCount { rules.append(RuleSetVersion(digest: try reader.read())) }
        guard version > 2 else { return }
        for _ in 0..<(try reader.readCount(limit: Self.damageLimit)) {
            damage.append(try reader.readString(limit: Self.lineLimit))
        }
    }
}
