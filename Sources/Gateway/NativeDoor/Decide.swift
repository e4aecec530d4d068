internal import Audit
internal import Access
internal import Coordinator
internal import Entrance
internal import Identifiers
internal import Identity
internal import JSON

/// `POST /api/v1/decisions`: a steward says that two records are one person, or are not.
///
///     {"kind": "must-link", "a": "urn:clinic|17", "b": "urn:lab|A-3", "by": "akello", "comment": "same passport"}
enum Decide {
    static let route = Route(
        "native.decide",
        .native,
        "POST",
        NativeDoor.base + "/decisions",
        access: .steward("u", .update),
        "Records a steward's decision about two records and carries it out: "
            + "{kind: must-link | cannot-link, a, b, by, comment}.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let decision = try await read(call)
        let events = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.decide(decision)
        }
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.key("events")
        writer.beginArray()
        for (index, event) in events.enumerated() { writer.event(event, id: String(index)) }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func read(_ call: DoorCall) async throws(DoorFault) -> StewardDecision {
        try requireJSON(call.request)
        let body = try JSONBody.parse(call.request.body)
        let kind: StewardDecision.Kind
        switch body["kind"]?.string {
        case "must-link": kind = .mustLink
        case "cannot-link": kind = .cannotLink
        default: throw .invalid("must be must-link or cannot-link", at: "kind")
        }
        let first = try await record(body["a"]?.string, "a", call)
        let second = try await record(body["b"]?.string, "b", call)
        guard let pair = RecordPair(first, second) else { throw .invalid("a and b are one record", at: "b") }
        // The registry numbers the decision when it takes its place in the order of writes.
        return StewardDecision(
            kind: kind,
            pair: pair,
            at: .zero,
            by: decider(body, call),
            comment: body["comment"]?.string ?? ""
        )
    }

    /// Who decides: whoever proved to, where somebody is asked for that; else whom the body names.
    private static func decider(_ body: JSONObject, _ call: DoorCall) -> String {
        guard call.services.entrance.policy != nil else { return body["by"]?.string ?? call.request.caller.name }
        guard let user = call.grant.user, user.subject != user.client, !user.subject.isEmpty else {
            return call.grant.client
        }
        return "\(user.subject) at \(call.grant.client)"
    }

    private static func record(_ text: String?, _ name: String, _ call: DoorCall) async throws(DoorFault) -> RecordID {
        let key = try await RecordNames.key(text, parameter: name, in: call)
        let record = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(key) }
        guard let record, !record.deleted else { throw .notFound("there is no such record (\(name))") }
        return record.id
    }

    private static func requireJSON(_ request: DoorRequest) throws(DoorFault) {
        try JSONBody.require(request, ["application/json"])
    }
}
