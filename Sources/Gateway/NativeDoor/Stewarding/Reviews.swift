internal import Audit
internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// `GET /api/v1/reviews`: the open questions for data stewards, most harmful first, page by page.
enum Reviews {
    static let route = Route(
        "native.reviews",
        .native,
        "GET",
        NativeDoor.base + "/reviews",
        access: .steward("rs", .read),
        parameters: [
            PageParameters.after, PageParameters.limit,
            RouteParameter("reason", "Only questions of this reason; several are parted by commas."),
            RouteParameter("source", "Only questions about a record of this source."),
            RouteParameter("record", "Only questions about this record."),
            RouteParameter("golden", "Only questions about a record of this person."),
            RouteParameter("assignee", "Only questions that this steward has taken; `nobody` for those left open."),
            RouteParameter("minHarm", "Only questions of at least this harm, 0 to 1,000.", kind: .number),
        ],
        "Lists open questions for data stewards, most harmful first: doubtful pairs and updates that are held.",
        answer: answer
    )

    /// Most questions that one answer ranks.
    private static let ranked = 50_000
    /// Questions whose records are looked at together.
    private static let batch = 64
    /// Most questions whose records are looked at for one answer: past them the page ends early and goes on.
    private static let lookedAt = 4_096

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let limits = call.limits
        let limit = try PageParameters.limit(call.request.target, standard: limits.pageDefault, most: limits.pageMax)
        let filter = try await ReviewFilter(call)
        var rest = try await questions(call).filter(filter.mayPass)[...]
        if let after = call.request.target["after"] {
            guard let place = ReviewPlace(after) else { throw .invalid("not a place in this queue", at: "after") }
            rest = rest.drop { !(place < $0.place) }
        }
        let total = rest.count
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.key("reviews")
        writer.beginArray()
        var (written, seen) = (0, 0)
        var last: ReviewPlace?
        while written < limit, seen < lookedAt, !rest.isEmpty {
            let some = rest.prefix(filter.isNarrow ? batch : min(batch, limit - written))
            for shown in try await ReviewShown.all(Array(some), call) {
                guard written < limit else { break }
                last = shown.question.place
                rest = rest.dropFirst()
                seen += 1
                guard filter.passes(shown) else { continue }
                shown.write(to: &writer)
                written += 1
            }
        }
        writer.endArray()
        if let last, !rest.isEmpty { writer.member("next", last.description) }
        // With filters on records or stewards nobody has counted.
        if !filter.isNarrow { writer.member("remaining", number: total - written) }
        writer.endObject()
        return .json(writer.bytes)
    }

    /// Every open question in the order of the queue.
    private static func questions(_ call: DoorCall) async throws(DoorFault) -> [ReviewQuestion] {
        let reviews = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.reviews(limit: ranked)
        }
        let held = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.held(limit: ranked)
        }
        let questions = reviews.map { ReviewQuestion.pair($0) } + held.map { ReviewQuestion.held($0) }
        return questions.sorted { $0.place < $1.place }
    }
}
