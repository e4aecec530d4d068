import Bytes
import Identifiers
import ShardProtocol

/// An update that is held, as it is stored in table `review`.
///
/// Format 2:
///
///     u8 format, raised u64, reason u8, weight i32, other u64 (0: none), the write
struct HeldRow {
    static let format: UInt8 = 2

    var raised: UInt64
    var reason: HeldUpdate.Reason
    var weight: MatchWeight
    var other: RecordID?
    /// What was to be stored; its expected version is the one that stands.
    var write: PreparedWrite

    /// Whether a row of the table is one of these.
    static func isHeld(_ bytes: [UInt8]) -> Bool { bytes.first == format }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: write.size + 256)
        writer.write(Self.format)
        writer.write(raised)
        writer.write(reason.rawValue)
        writer.write(weight.millibits)
        writer.write(other?.rawValue ?? 0)
        write.encode(into: &writer)
        return writer.bytes
    }

    init(raised: UInt64, reason: HeldUpdate.Reason, weight: MatchWeight, other: RecordID?, write: PreparedWrite) {
        self.raised = raised
        self.reason = reason
        self.weight = weight
        self.other = other
        self.write = write
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .review, format: Self.format) { reader throws(ByteError) in
            let raised: UInt64 = try reader.read()
            let start = reader.offset
            guard let reason = HeldUpdate.Reason(rawValue: try reader.read()) else { throw .trailing(at: start) }
            let weight = MatchWeight(millibits: try reader.read())
            let other: UInt64 = try reader.read()
            return HeldRow(
                raised: raised,
                reason: reason,
                weight: weight,
                other: other == 0 ? nil : RecordID(other),
                write: try PreparedWrite(from: &reader)
            )
        }
    }

    /// The row as stewards see it.
    var update: HeldUpdate {
        var document: [UInt8] = []
        if case .upsert(_, _, let bytes) = write.action { document = bytes }
        return HeldUpdate(
            record: write.id,
            key: write.key,
            version: write.expectedVersion ?? 0,
            reason: reason,
            weight: weight,
            other: other,
            raised: raised,
            document: document
        )
    }
}
