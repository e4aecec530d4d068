internal import PatientMapping
internal import FHIR
internal import Audit
internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// `POST /api/v1/decisions` and `POST /api/v1/decisions/preview`: a steward rules, or sees what that would do.
///
///     {"kind": "link", "a": "urn:clinic|17", "b": "urn:lab|A-3", "comment": "same passport"}
///     {"kind": "merge", "survivor": "2TCBJC6M0TT20X", "other": "0J5E…"}
///     {"kind": "split", "person": "2TCBJC6M0TT20X", "records": ["urn:lab|A-3"]}
///     {"kind": "undo", "decision": 12}
enum Decide {
    static let route = Route(
        "native.decide",
        .native,
        "POST",
        NativeDoor.base + "/decisions",
        access: .steward("u", .update),
        "Rules: {kind: link | never | free | merge | split | undo | release | reject, …, comment, by, effect}; "
            + "`effect` of a preview makes sure that what was shown is what happens.",
        answer: answer
    )

    static let previewRoute = Route(
        "native.decide.preview",
        .native,
        "POST",
        NativeDoor.base + "/decisions/preview",
        access: .steward("rs", .read),
        "Shows what a decision would do: persons, redirects, pairs; writes nothing.",
        answer: preview
    )

    static let approveRoute = Route(
        "native.decision.approve",
        .native,
        "POST",
        NativeDoor.base + "/decisions/{number}/approve",
        access: .steward("u", .update),
        "Agrees, as a second steward, to a decision that waits for one.",
        answer: { (call) async throws(DoorFault) in try await second(call) { .approve($0) } }
    )

    static let declineRoute = Route(
        "native.decision.decline",
        .native,
        "POST",
        NativeDoor.base + "/decisions/{number}/decline",
        access: .steward("u", .update),
        "Declines, as a second steward, a decision that waits for one.",
        answer: { (call) async throws(DoorFault) in try await second(call) { .decline($0) } }
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let body = try read(call)
        let request = try await request(try await DecisionBody.order(body, call), body, call)
        let former = try await former(of: request.order, call)
        let ruling = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.rule(request, storing: former)
        }
        return try await RulingAnswer(call).answer(ruling)
    }

    private static func preview(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let body = try read(call)
        let order = try await DecisionBody.order(body, call)
        let author = Steward.name(body, call)
        let plan = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.preview(order, by: author)
        }
        return try await PlanAnswer(call).answer(plan)
    }

    private static func second(
        _ call: DoorCall,
        _ order: (UInt64) -> RulingOrder
    ) async throws(DoorFault) -> DoorAnswer {
        let body = call.request.body.isEmpty ? JSONObject() : try read(call)
        guard let number = UInt64(call.path[0]) else { throw .notFound("there is no such decision") }
        let request = try await request(order(number), body, call)
        let ruling = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.rule(request, storing: nil)
        }
        return try await RulingAnswer(call).answer(ruling)
    }

    private static func read(_ call: DoorCall) throws(DoorFault) -> JSONObject {
        try JSONBody.require(call.request, ["application/json"])
        return try JSONBody.parse(call.request.body)
    }

    private static func request(
        _ order: RulingOrder,
        _ body: JSONObject,
        _ call: DoorCall
    ) async throws(DoorFault) -> RulingRequest {
        var expected: UInt64?
        if let text = body["effect"]?.string {
            guard let effect = RecordID(text) else { throw .invalid("is no effect of a preview", at: "effect") }
            expected = effect.rawValue
        }
        return RulingRequest(
            order,
            by: String(Steward.name(body, call).prefix(StewardDecision.byLimit / 4)),
            comment: String((body["comment"]?.string ?? "").prefix(StewardDecision.commentLimit / 4)),
            expected: expected
        )
    }

    /// The version to go back to, where an update that a steward let pass is taken back.
    private static func former(of order: RulingOrder, _ call: DoorCall) async throws(DoorFault) -> Submission? {
        guard case .undo(let number) = order else { return nil }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.ruling(number) }
        if let ruling = found, ruling.kind == .link { return try await FormerVersion(call).beforeReplacement(ruling) }
        guard let ruling = found, ruling.kind == .release, let id = ruling.records.first else { return nil }
        let now = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
        guard let now, !now.deleted, now.version == ruling.version, now.version > 1 else {
            throw DoorFault(409, .conflict, "the record has changed since that update was stored")
        }
        let before = now.version - 1
        let old = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.record(id: id, version: before)
        }
        guard let old, !old.deleted else { throw .notFound("the version before is not kept") }
        return try FormerVersion(call).submission(old, over: now)
    }
}
