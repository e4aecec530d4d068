import Bytes
import Identifiers
import ShardProtocol

/// Where a golden identifier is at home, as stored in table `golden`.
enum GoldenRow: Equatable {
    /// The person that holds this record answers to the identifier.
    case anchored(RecordID)
    /// The last record of the person was removed.
    case extinct

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 16)
        writer.write(UInt8(1))
        switch self {
        case .anchored(let record):
            writer.write(UInt8(1))
            writer.write(record.rawValue)
        case .extinct:
            writer.write(UInt8(2))
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .golden) { reader throws(ByteError) in
            let kind: UInt8 = try reader.read()
            switch kind {
            case 1: return .anchored(RecordID(try reader.read()))
            case 2: return .extinct
            default: throw ByteError.tooLarge(at: 1, value: UInt64(kind), limit: 2)
            }
        }
    }
}
