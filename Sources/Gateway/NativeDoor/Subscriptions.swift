internal import Identifiers
internal import Coordinator
internal import JSON

/// `GET /api/v1/subscriptions`: how far every subscriber has been told, and what could not be told, for operators.
enum Subscriptions {
    static let route = Route(
        "native.subscriptions",
        .native,
        "GET",
        NativeDoor.base + "/subscriptions",
        access: .operate,
        "Lists subscriptions: status, how far behind they are, and notifications that were set aside (dead letters).",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let all = try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).all()
        }
        let tip = try await call.ask { (registry) async throws(RegistryError) in try await registry.latest() }
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.key("subscriptions")
        writer.beginArray()
        for place in all.keys.sorted() {
            guard let one = all[place] else { continue }
            let name = SubscriptionState.name(one.id)
            let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
            let state = note.flatMap(SubscriptionState.init(decoding:))
            writer.beginObject()
            writer.member("id", one.id)
            writer.member("client", one.owner)
            writer.member("endpoint", one.resource["channel"]?["endpoint"]?.string ?? "")
            let (status, error) = one.standing(state)
            writer.member("status", status)
            if !error.isEmpty { writer.member("error", error) }
            let cursor = max(state?.cursor ?? one.start, one.start)
            writer.member("cursor", cursor.description)
            writer.member("behind", number: tip > cursor ? tip.rawValue - cursor.rawValue : 0)
            writer.member("events", number: state?.count ?? 0)
            writer.member("deadLetters", number: state?.deadWaiting ?? 0)
            writer.member("deadLettersEver", number: state?.deadCount ?? 0)
            if let order = one.order, order.number != state?.deadOrder ?? 0 {
                writer.member("order", order.kind.rawValue)
            }
            writer.key("dead")
            writer.beginArray()
            for dead in (state?.dead ?? []).suffix(SubscriptionState.deadLimit) { write(dead, to: &writer) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    static func write(_ dead: SubscriptionState.Dead, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("event", dead.event.name)
        writer.member("number", number: dead.event.number)
        writer.member("record", dead.event.record.description)
        writer.member("version", number: dead.event.version)
        writer.member("at", milliseconds: dead.event.at)
        writer.member("reason", dead.reason)
        writer.endObject()
    }
}
