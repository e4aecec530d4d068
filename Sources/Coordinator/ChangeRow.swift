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
            for _ in 0..<count {
                let offset = reader.offset
                let raw = try reader.readPrefixed(limit: 1 << 16)
                do throws(IdentityError) {
                    events.append(try IdentityEvent(decoding: raw))
                } catch {
                    throw ByteError.trailing(at: offset)
                }
            }
            return ChangeRow(at: at, events: events)
        }
    }
}
