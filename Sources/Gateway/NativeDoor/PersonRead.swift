internal import Coordinator
internal import Identifiers
internal import JSON

/// `GET /api/v1/persons/{golden}`: a person with all records, found by a golden identifier of any age.
enum PersonRead {
    static let route = Route(
        "native.person",
        .native,
        "GET",
        NativeDoor.base + "/persons/{golden}",
        access: .read("read"),
        "Reads a person by a golden identifier; a retired one finds the person it was merged into.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        guard let golden = GoldenID(call.path[0]) else {
            if let person = try await FormerGoldens.person(call.path[0], call) {
                return answer(person, asked: call.path[0])
            }
            throw .invalid("not a golden identifier: 14 characters, the last one a check digit", at: "golden")
        }
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.person(golden) }
        guard let person = found else { throw .notFound("there is no such person") }
        return answer(person, asked: golden.description)
    }

    private static func answer(_ person: PersonView, asked: String) -> DoorAnswer {
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("golden", person.golden.description)
        if person.golden.description != asked { writer.member("asked", asked) }
        writer.key("retired")
        writer.beginArray()
        for retired in person.retired { writer.string(retired.description) }
        writer.endArray()
        writer.key("records")
        writer.beginArray()
        for member in person.members { writer.record(member) }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }
}
