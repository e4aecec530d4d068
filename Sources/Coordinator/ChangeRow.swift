import Bytes
import Identifiers
import Identity
import ShardProtocol

/// What one write changed, as stored in table `change`.
///
/// Format 2: at u64, change u8 (0: no record was written), record u64, version u32, events: count, each with its
/// length. Format 1 knows no record.
struct ChangeRow: Equatable {
    /// Most events of one write: a component that falls apart wholly.
    static let eventLimit = 65_536

    /// When, in milliseconds since 1970.
    var at: UInt64
    /// The record that was written; `nil` where a steward ruled.
    var record: ChangedRecord?
    var events: [IdentityEvent]

    init(at: UInt64, record: ChangedRecord? = nil, events: [IdentityEvent]) {
        self.record = record
        self.at = at
        self.events = events
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.write(UInt8(2))
        writer.write(at)
        writer.write(record?.change.rawValue ?? 0)
        writer.write(record?.record.rawValue ?? 0)
        writer.write(record?.version ?? 0)
        writer.write(varint: UInt64(events.count))
        for event in events { writer.write(prefixed: event.encoded()) }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        let isFirst = bytes.first == 1
        self = try RowError.decode(bytes, table: .change, format: isFirst ? 1 : 2) { reader throws(ByteError) in
            let at: UInt64 = try reader.read()
            let record = isFirst ? nil : try ChangeRow.record(&reader)
            let count = try reader.readCount(limit: ChangeRow.eventLimit)
            var events: [IdentityEvent] = []
            for _ in 0..<count { events.append(try IdentityEvent(from: &reader)) }
            return ChangeRow(at: at, record: record, events: events)
        }
    }

    private static func record(_ reader: inout ByteReader) throws(ByteError) -> ChangedRecord? {
        let start = reader.offset
        let code: UInt8 = try reader.read()
        let id = RecordID(try reader.read())
        let version: UInt32 = try reader.read()
        guard code != 0 else { return nil }
        guard let change = ChangedRecord.Change(rawValue: code) else {
            throw .tooLarge(at: start, value: UInt64(code), limit: 3)
        }
        return ChangedRecord(record: id, version: version, change: change)
    }
}

extension IdentityEvent {
    /// An event at most: its texts are bounded when it is made.
    private static let sizeLimit = 1 << 16

    /// Reads an event that is kept with its length.
    init(from reader: inout ByteReader) throws(ByteError) {
        let offset = reader.offset
        let raw = try reader.readPrefixed(limit: Self.sizeLimit)
        do throws(IdentityError) {
            self = try IdentityEvent(decoding: raw)
        } catch {
            throw ByteError.trailing(at: offset)
        }
    }
}
