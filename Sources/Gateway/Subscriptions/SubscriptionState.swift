internal import Identifiers
internal import JSON

/// How far a subscriber has been told: a note beside the subscription, written by whoever tells it alone.
struct SubscriptionState: Sendable, Equatable {
    /// What becomes of it, in the words of FHIR.
    enum Status: String, Sendable {
        case requested, active, error, off
    }

    /// Something that the subscriber was told, or was to be told.
    struct Event: Sendable, Equatable {
        /// Counted from 1 for each subscription.
        var number: UInt64
        /// The stable name: the write and the place within it.
        var name: String
        var record: RecordID
        var version: UInt32
        /// When it happened, in milliseconds since 1970.
        var at: UInt64
    }

    /// An event that the subscriber will not take, or that stands behind one of the same person.
    struct Dead: Sendable, Equatable {
        var event: Event
        /// What the subscriber said.
        var reason: String
        /// Whom it was about when it was told.
        var person: UInt64 = 0
    }

    /// Events that can be asked for again; the oldest go first.
    static let eventLimit = 256
    /// Refused events beside the state; more of them are kept in pieces of their own (`DeadLetters`).
    static let deadLimit = 256

    /// The version of the subscription that the status is about.
    var revision: UInt32 = 0
    var status = Status.requested
    var error = ""
    /// The last entry of the change feed that was dealt with.
    var cursor = Sequence(0)
    /// Events since the subscription began.
    var count: UInt64 = 0
    var events: [Event] = []
    var dead: [Dead] = []
    /// Refused events in all, those told again later included.
    var deadCount: UInt64 = 0
    /// The pieces that keep older refused events.
    var deadPieces = 0..<0
    /// The last order about dead letters that was carried out.
    var deadOrder: UInt64 = 0

    /// Refused events that are kept.
    var deadWaiting: Int { deadPieces.count * Self.deadLimit + dead.count }

    /// The name of the note.
    static func name(_ id: String) -> String { "subscription-state|\(id)" }

    init() {}

    mutating func note(_ more: [Event]) {
        count += UInt64(more.count)
        events.append(contentsOf: more)
        if events.count > Self.eventLimit { events.removeFirst(events.count - Self.eventLimit) }
    }

    /// Sets events aside; whoever keeps the state moves what passes the limit into pieces.
    mutating func bury(_ more: [Dead]) {
        deadCount += UInt64(more.count)
        dead.append(contentsOf: more)
    }

    /// Reads what `encoded` wrote; anything else is no state.
    init?(decoding bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes.span.bytes), value["version"]?.integer == 1,
            let status = value["status"]?.string.flatMap(Status.init(rawValue:)),
            let cursor = value["cursor"]?.string.flatMap(UInt64.init)
        else { return nil }
        self.status = status
        self.cursor = Sequence(cursor)
        revision = UInt32(clamping: value["revision"]?.integer ?? 0)
        error = value["error"]?.string ?? ""
        count = UInt64(clamping: value["count"]?.integer ?? 0)
        events = (value["events"]?.array ?? []).compactMap(Self.event)
        deadCount = UInt64(clamping: value["deadCount"]?.integer ?? 0)
        dead = Self.letters(value["dead"])
        let first = value["deadFirst"]?.integer ?? 0
        deadPieces = first..<max(first, value["deadNext"]?.integer ?? 0)
        deadOrder = value["deadOrder"]?.string.flatMap { UInt64($0) } ?? 0
    }

    /// Reads dead letters that `write(letters:)` wrote.
    static func letters(_ value: JSONValue?) -> [Dead] {
        (value?.array ?? []).compactMap { item in
            Self.event(item).map {
                Dead(
                    event: $0,
                    reason: item["reason"]?.string ?? "",
                    person: item["p"]?.string.flatMap { UInt64($0) } ?? $0.record.rawValue
                )
            }
        }
    }

    /// Writes dead letters as a list.
    static func write(letters: [Dead], to writer: inout JSONWriter) {
        writer.beginArray()
        for one in letters { write(one.event, one, to: &writer) }
        writer.endArray()
    }

    private static func event(_ value: JSONValue) -> Event? {
        guard let number = value["n"]?.integer, let name = value["e"]?.string,
            let record = value["r"]?.string.flatMap({ RecordID($0) })
        else { return nil }
        return Event(
            number: UInt64(clamping: number),
            name: name,
            record: record,
            version: UInt32(clamping: value["v"]?.integer ?? 0),
            at: UInt64(clamping: value["t"]?.integer ?? 0)
        )
    }

    func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 256 + events.count * 72)
        writer.beginObject()
        writer.member("version", number: 1)
        writer.member("revision", number: revision)
        writer.member("status", status.rawValue)
        writer.member("error", error)
        writer.member("cursor", cursor.description)
        writer.member("count", number: count)
        writer.key("events")
        writer.beginArray()
        for event in events { Self.write(event, nil, to: &writer) }
        writer.endArray()
        writer.member("deadCount", number: deadCount)
        writer.key("dead")
        Self.write(letters: dead, to: &writer)
        writer.member("deadFirst", number: deadPieces.lowerBound)
        writer.member("deadNext", number: deadPieces.upperBound)
        writer.member("deadOrder", "\(deadOrder)")
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ event: Event, _ letter: Dead?, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("n", number: event.number)
        writer.member("e", event.name)
        writer.member("r", event.record.description)
        writer.member("v", number: event.version)
        writer.member("t", number: event.at)
        if let letter {
            writer.member("reason", letter.reason)
            writer.member("p", "\(letter.person)")
        }
        writer.endObject()
    }
}
