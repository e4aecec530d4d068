internal import Access
internal import Charts
internal import Entrance
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON
internal import Matching

/// `GET /api/v1/explain?a=source|id&b=source|id`: why two records are, or are not, one person.
enum Explain {
    static let route = Route(
        "native.explain",
        .native,
        "GET",
        NativeDoor.base + "/explain",
        access: .search("rs"),
        parameters: [
            RouteParameter("a", "A record: source|id, or its address.", required: true),
            RouteParameter("b", "The other record.", required: true),
        ],
        "Says, field by field, why two records are or are not one person.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard call.grant.view != .identifiers else {
            throw DoorFault(
                403,
                .forbidden,
                "this client sees identifiers only; an explanation tells what they stand for"
            )
        }
        let target = call.request.target
        let offered = ["application/json", "image/svg+xml"]
        guard let type = ContentNegotiation.best(call.request.headers.list("accept"), of: offered) else {
            throw DoorFault(406, .notSupported, "can be answered as \(offered.joined(separator: " or "))")
        }
        let first = try await RecordNames.key(target["a"], parameter: "a", in: call)
        let second = try await RecordNames.key(target["b"], parameter: "b", in: call)
        guard first != second else { throw .invalid("a and b are one record", at: "b") }
        let found = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.explain(first, second)
        }
        guard let answer = found else { throw .notFound("there is no such record (a or b)") }
        var drawn =
            type == "image/svg+xml"
            ? DoorAnswer.content(MediaType.svg, Array(ExplanationChart.waterfall(answer).svg.utf8))
            : DoorAnswer.json(json(answer))
        drawn.headers["vary"] = "accept"
        return drawn
    }

    private static func json(_ answer: ExplainAnswer) -> [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("samePerson", flag: answer.samePerson)
        writer.member("rules", answer.rules.description)
        writer.member("text", answer.explanation.description)
        writer.key("explanation")
        writer.explanation(answer.explanation)
        if let standing = answer.standing {
            writer.key("standing")
            writer.standing(standing, names: answer.names)
        }
        writer.key("a")
        writer.record(answer.first)
        writer.key("b")
        writer.record(answer.second)
        writer.endObject()
        return writer.bytes
    }
}
