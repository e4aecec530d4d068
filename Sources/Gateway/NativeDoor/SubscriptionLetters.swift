internal import Audit
internal import Coordinator
internal import FHIR
internal import JSON

/// `/api/v1/subscriptions/{id}/dead`: notifications that were set aside; they are told again, or thrown away.
enum SubscriptionLetters {
    private static let base = NativeDoor.base + "/subscriptions/{id}/dead"

    static let list = Route(
        "native.subscription.dead",
        .native,
        "GET",
        base,
        access: .operate,
        "Lists the notifications of a subscription that were set aside (dead letters), the oldest first.",
        answer: answerList
    )

    static let replay = Route(
        "native.subscription.replay",
        .native,
        "POST",
        base + "/replay",
        access: .rearrange,
        "Tells dead letters again, those of one person in order: {events: their numbers; none: all}.",
        answer: { (call) async throws(DoorFault) in try await order(.replay, call) }
    )

    static let discard = Route(
        "native.subscription.discard",
        .native,
        "POST",
        base + "/discard",
        access: .rearrange,
        "Throws dead letters away: {events: their numbers; none: all}; what stood behind them is told again.",
        answer: { (call) async throws(DoorFault) in try await order(.discard, call) }
    )

    /// Events that one order may name.
    private static let eventLimit = 1_000

    private static func find(_ call: DoorCall) async throws(DoorFault) -> (StoredSubscription, SubscriptionState?) {
        let id = call.path[0]
        let found = try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).one(id)
        }
        guard let found else { throw .notFound("there is no such subscription") }
        return found
    }

    private static func answerList(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let (found, state) = try await find(call)
        let letters = try await call.ask { (registry) async throws(RegistryError) in
            guard let state else { return [] as [SubscriptionState.Dead] }
            return try await DeadLetters(registry: registry, id: found.id).all(state)
        }
        var writer = JSONWriter(capacity: 1_024 + letters.count * 160)
        writer.beginObject()
        writer.member("id", found.id)
        writer.key("dead")
        writer.beginArray()
        for letter in letters { Subscriptions.write(letter, to: &writer) }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func order(_ kind: DeadLetterOrder.Kind, _ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let body = call.request.body.isEmpty ? JSONObject() : try JSONBody.parse(call.request.body)
        let events = body["events"]?.array ?? []
        let numbers = events.compactMap { $0.integer.flatMap { UInt64(exactly: $0) } }
        guard numbers.count == events.count, numbers.count <= eventLimit else {
            throw .invalid("must be up to \(eventLimit) numbers of events", at: "events")
        }
        var (found, state) = try await find(call)
        if let last = found.order, last.number != state?.deadOrder ?? 0 {
            throw DoorFault(409, .conflict, "an order about these letters is under way")
        }
        found.order = DeadLetterOrder(max(call.services.time(), (found.order?.number ?? 0) + 1), kind, events: numbers)
        let changed = found
        try await call.ask { (registry) async throws(RegistryError) in
            try await SubscriptionShelf(registry: registry).replace(changed)
        }
        let object: JSONObject = [
            "id": .string(found.id), "order": .string(kind.rawValue),
            "letters": .number(JSONNumber(numbers.isEmpty ? state?.deadWaiting ?? 0 : numbers.count)),
        ]
        return .json(JSONValue.object(object).serialised(), status: 202)
    }
}
