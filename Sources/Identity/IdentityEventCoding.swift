import Bytes
import Identifiers

/// The stored form of an event, version 1: version u8, kind u8, then the fields in order.
///
/// An absent golden identifier is written as presence byte 0; a present one as 1 and its number.
extension IdentityEvent {
    static let formatVersion: UInt8 = 1

    /// Writes the event.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 40)
        writer.write(IdentityEvent.formatVersion)
        switch self {
        case .recordLinked(let record, let from, let to):
            writer.write(UInt8(1))
            writer.write(record.rawValue)
            writer.write(UInt8(from == nil ? 0 : 1))
            if let from { writer.write(from.rawValue) }
            writer.write(to.rawValue)
        case .recordRemoved(let record, let from):
            writer.write(UInt8(2))
            writer.write(record.rawValue)
            writer.write(from.rawValue)
        case .personsMerged(let survivor, let retired):
            writer.write(UInt8(3))
            writer.write(survivor.rawValue)
            writer.write(retired.rawValue)
        case .personSplit(let from, let new):
            writer.write(UInt8(4))
            writer.write(from.rawValue)
            writer.write(new.rawValue)
        case .goldenRetired(let golden):
            writer.write(UInt8(5))
            writer.write(golden.rawValue)
        case .goldenRedirected(let golden, let from, let to):
            writer.write(UInt8(8))
            writer.write(golden.rawValue)
            writer.write(from.rawValue)
            writer.write(to.rawValue)
        case .reviewRaised(let task):
            writer.write(UInt8(6))
            task.encode(into: &writer)
        case .reviewSettled(let task):
            writer.write(UInt8(7))
            task.encode(into: &writer)
        }
        return writer.bytes
    }

    /// Reads an event.
    ///
    /// - Throws: `IdentityError.unknownVersion`, `.badValue`, `.bytes`.
    public init(decoding bytes: UnsafeRawBufferPointer) throws(IdentityError) {
        var reader = IdentityReader(bytes)
        try reader.expect(version: IdentityEvent.formatVersion)
        switch try reader.readByte() {
        case 1:
            let record = try reader.readRecord()
            let presence = try reader.readByte()
            guard presence <= 1 else { throw .badValue(at: 10) }
            let from = presence == 1 ? try reader.readGolden() : nil
            self = .recordLinked(record: record, from: from, to: try reader.readGolden())
        case 2: self = .recordRemoved(record: try reader.readRecord(), from: try reader.readGolden())
        case 3: self = .personsMerged(survivor: try reader.readGolden(), retired: try reader.readGolden())
        case 4: self = .personSplit(from: try reader.readGolden(), new: try reader.readGolden())
        case 5: self = .goldenRetired(try reader.readGolden())
        case 6: self = .reviewRaised(try reader.readReview())
        case 7: self = .reviewSettled(try reader.readReview())
        case 8:
            let golden = try reader.readGolden()
            self = .goldenRedirected(golden, from: try reader.readGolden(), to: try reader.readGolden())
        default: throw .badValue(at: 1)
        }
        try reader.finish()
    }
}

extension StewardDecision {
    func encode(into writer: inout ByteWriter) {
        writer.write(kind.rawValue)
        writer.write(pair.a.rawValue)
        writer.write(pair.b.rawValue)
        writer.write(varint: at.rawValue)
        writer.write(string: by)
        writer.write(string: comment)
    }
}

extension ReviewTask {
    func encode(into writer: inout ByteWriter) {
        writer.write(pair.a.rawValue)
        writer.write(pair.b.rawValue)
        writer.write(reason.code)
        writer.write(weight.millibits)
        writer.write(harm)
    }
}
