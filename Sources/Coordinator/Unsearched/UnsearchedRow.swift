import Bytes
import Identifiers
import ShardProtocol

/// A record that was taken while keys could not be searched, as it waits in table `review`, in its home slot.
///
/// Format 3, beside the questions (1) and the updates that are held (2):
///
///     u8 format, taken u64 (milliseconds since 1970), the write
struct UnsearchedRow {
    static let format: UInt8 = 3

    var taken: UInt64
    /// What is to be stored as soon as it can be searched for.
    var write: PreparedWrite

    /// Whether a row of the table is one of these.
    static func isUnsearched(_ bytes: [UInt8]) -> Bool { bytes.first == format }

    init(taken: UInt64, write: PreparedWrite) {
        self.taken = taken
        self.write = write
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: write.size + 256)
        writer.write(Self.format)
        writer.write(taken)
        write.encode(into: &writer)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .review, format: Self.format) { reader throws(ByteError) in
            UnsearchedRow(taken: try reader.read(), write: try PreparedWrite(from: &reader))
        }
    }

    /// The document that waits.
    var document: [UInt8] {
        guard case .upsert(_, _, let document) = write.action else { return [] }
        return document
    }
}

extension ReadRequest.Address {
    /// Where a record waits that was taken unsearched: in the slot where it will be at home, so that nobody else need
    /// answer.
    static func unsearched(_ id: RecordID) -> Self {
        let slot = Slot(hash: id.rawValue)
        let within = KeyHash.combine(id.rawValue, 0x756E_7365) & (slot.firstHash ^ slot.lastHash)
        return Self(.review, StoreKey(slot.firstHash | within))
    }
}
