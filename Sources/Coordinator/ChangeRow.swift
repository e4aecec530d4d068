import Bytes
import Identifiers
import Identity
import ShardProtocol

/// What one write changed, as stored in table `change`.
struct ChangeRow: Equatable {
    /// Most events of one write: a component that falls apart wholly.
    static let eventLimit = 65_536

    /// When, in milliseconds since 1970.
    var at: UInt64
    var events: [IdentityEvent]

    init(at: UInt64, events: [IdentityEvent]) {
        self.at = at
        self.events = events
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.write(UInt8(1))
        writer.write(at)
        writer.write(varint: UInt64(events.count))
        for event in events { writer.write(prefixed: event.encoded()) }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(RowError) {
        self = try RowError.decode(bytes, table: .change) { reader throws(ByteError) in
            let at: UInt64 = try reader.read()
            let count = try reader.readCount(limit: ChangeRow.eventLimit)
            var events: [IdentityEvent] = []
            for _ in 0..<count { events.append(try IdentityEvent(from: &reader)) }
            return ChangeRow(at: at, events: events)
        }
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
