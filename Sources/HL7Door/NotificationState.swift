internal import HL7v2
internal import Identifiers
internal import JSON

/// How far a consumer has been told, and what it refused.
struct NotificationState: Equatable {
    /// A message that was refused: it is not sent again.
    struct Parked: Equatable {
        /// The control id of the message, which is that of the event.
        var event: String
        /// The acknowledgement, `AE` or `AR`.
        var code: String
        /// What the consumer said.
        var reason: String
    }

    /// Most refused messages that are kept; the oldest go first.
    static let parkedLimit = 100

    /// The last entry of the change feed that was dealt with.
    var cursor = Sequence(0)
    var parked: [Parked] = []

    init() {}

    mutating func park(_ message: Parked) {
        if parked.count >= Self.parkedLimit { parked.removeFirst() }
        parked.append(message)
    }

    /// Reads what `encoded` wrote; anything else is no state.
    init?(decoding bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes.span.bytes), value["version"]?.integer == 1,
            let text = value["cursor"]?.string, let number = UInt64(text)
        else { return nil }
        cursor = Sequence(number)
        for item in value["parked"]?.array ?? [] {
            parked.append(
                Parked(
                    event: item["event"]?.string ?? "",
                    code: item["code"]?.string ?? "",
                    reason: item["reason"]?.string ?? ""
                )
            )
        }
    }

    func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("version")
        writer.integer(1)
        writer.key("cursor")
        writer.string(cursor.description)
        writer.key("parked")
        writer.beginArray()
        for message in parked {
            writer.beginObject()
            for (name, text) in [("event", message.event), ("code", message.code), ("reason", message.reason)] {
                writer.key(name)
                writer.string(text)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
