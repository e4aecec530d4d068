internal import Coordinator
internal import Identifiers
internal import JSON

/// `GET /api/v1/persons/{golden}/history`: everything that happened to a golden identifier, in order.
enum PersonHistory {
    static let route = Route(
        "native.person.history",
        .native,
        "GET",
        NativeDoor.base + "/persons/{golden}/history",
        access: .read("read"),
        "Reads what happened to a golden identifier: records linked and removed, merges, splits, redirects.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let golden = try PersonRead.golden(call)
        let page = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.history(of: golden)
        }
        guard !page.entries.isEmpty else { throw .notFound("there is no such person") }
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("golden", golden.description)
        writer.entries(page)
        writer.endObject()
        return .json(writer.bytes)
    }
}
