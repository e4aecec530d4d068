internal import Identity
internal import Audit
internal import Coordinator
internal import Identifiers
internal import JSON

/// `GET /api/v1/decisions`: the book of rulings, the newest first, page by page.
enum Decisions {
    static let route = Route(
        "native.decisions",
        .native,
        "GET",
        NativeDoor.base + "/decisions",
        access: .steward("rs", .read),
        parameters: [
            RouteParameter("before", "Where to go on: `next` of the page before.", kind: .number),
            PageParameters.limit,
            RouteParameter("state", "standing, proposed, declined or undone."),
            RouteParameter("kind", "link, never, merge, split, undo, release or reject."),
            RouteParameter("by", "Only those of this steward, or that this one agreed to."),
            RouteParameter("record", "Only those about this record."),
        ],
        "Lists what stewards decided, the newest first.",
        answer: answer
    )

    static let readRoute = Route(
        "native.decision",
        .native,
        "GET",
        NativeDoor.base + "/decisions/{number}",
        access: .steward("rs", .read),
        "Reads one decision with what it changed.",
        answer: read
    )

    /// Rulings that are looked at together.
    private static let batch = 256
    /// Most rulings that are looked at for one answer: past them the page ends early and goes on.
    private static let lookedAt = 10_000

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let target = call.request.target
        let limit = try PageParameters.limit(target, standard: call.limits.pageDefault, most: call.limits.pageMax)
        let isWanted = try await filter(call)
        var before: UInt64?
        if let text = target["before"] {
            guard let number = UInt64(text) else { throw .invalid("is no number of a decision", at: "before") }
            before = number
        }
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.key("decisions")
        writer.beginArray()
        var (written, seen, isOver) = (0, 0, false)
        while written < limit, seen < lookedAt, !isOver {
            let place = before
            let page = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.rulings(before: place, limit: batch)
            }
            isOver = page.isEmpty
            for ruling in page where written < limit {
                before = ruling.number
                seen += 1
                guard isWanted(ruling) else { continue }
                try await RulingAnswer(call).write(ruling, to: &writer, withEvents: false)
                written += 1
            }
        }
        writer.endArray()
        if !isOver, let before, before > 1 { writer.member("next", "\(before)") }
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func filter(_ call: DoorCall) async throws(DoorFault) -> (Ruling) -> Bool {
        let target = call.request.target
        let state = target["state"]
        if let state, !Ruling.State.allCases.contains(where: { "\($0)" == state }) {
            throw .invalid("must be standing, proposed, declined or undone", at: "state")
        }
        let kind = target["kind"]
        if let kind, !Ruling.Kind.allCases.contains(where: { "\($0)" == kind }) {
            throw .invalid("must be link, never, merge, split, undo, release or reject", at: "kind")
        }
        let by = target["by"]
        var record: RecordID?
        if target["record"] != nil {
            record = try await RecordNames.key(target["record"], parameter: "record", in: call).id
        }
        return { [record] ruling in
            (state.map { "\(ruling.state)" == $0 } ?? true) && (kind.map { "\(ruling.kind)" == $0 } ?? true)
                && (by.map { ruling.by == $0 || ruling.second == $0 } ?? true)
                && (record.map { ruling.isAbout($0) } ?? true)
        }
    }

    private static func read(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let number = UInt64(call.path[0]) else { throw .notFound("there is no such decision") }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.ruling(number) }
        guard let ruling = found else { throw .notFound("there is no such decision") }
        var writer = JSONWriter(capacity: 2_048)
        try await RulingAnswer(call).write(ruling, to: &writer, withEvents: true)
        return .json(writer.bytes)
    }
}

extension Ruling {
    /// Whether it names a record or moved it.
    func isAbout(_ record: RecordID) -> Bool {
        records.contains(record) || verdicts.contains { $0.pair.contains(record) }
            || moves.contains { $0.record == record }
    }
}
