internal import Coordinator
internal import Identifiers
internal import JSON
internal import PatientSearch

/// `GET /api/v1/persons/{golden}`: a person with all records, found by a golden identifier of any age.
///
/// With `asOf` it is the person that the identifier stood for at that moment, with the records as they were then.
enum PersonRead {
    static let route = Route(
        "native.person",
        .native,
        "GET",
        NativeDoor.base + "/persons/{golden}",
        access: .read("read"),
        parameters: [RouteParameter(moment, "The moment, such as 2026-07-21T08:30:00Z or a day; now if left out.")],
        "Reads a person by a golden identifier; a retired one finds the person it was merged into.",
        answer: answer
    )

    private static let moment = "asOf"

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let time = try time(call.request.target[moment])
        guard let golden = GoldenID(call.path[0]) else {
            if time == nil, let person = try await FormerGoldens.person(call.path[0], call) {
                return answer(person, asked: call.path[0])
            }
            throw unreadable
        }
        let found = try await call.ask { (registry) async throws(RegistryError) in
            guard let time else { return try await registry.person(golden) }
            return try await registry.person(golden, at: time)
        }
        guard let person = found else {
            throw .notFound(time == nil ? "there is no such person" : "there was no such person at that time")
        }
        return answer(person, asked: golden.description, at: time)
    }

    private static func answer(_ person: PersonView, asked: String, at time: UInt64? = nil) -> DoorAnswer {
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("golden", person.golden.description)
        if person.golden.description != asked { writer.member("asked", asked) }
        if let time { writer.member("asOf", milliseconds: time) }
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

    /// The golden identifier of the path.
    static func golden(_ call: DoorCall) throws(DoorFault) -> GoldenID {
        guard let golden = GoldenID(call.path[0]) else { throw unreadable }
        return golden
    }

    private static var unreadable: DoorFault {
        .invalid("not a golden identifier: 14 characters, the last one a check digit", at: "golden")
    }

    /// A day stands for its end: what was true on it, when it was over.
    private static func time(_ text: String?) throws(DoorFault) -> UInt64? {
        guard let text else { return nil }
        let moment = Moments.milliseconds(text.contains("T") ? text : text + "T23:59:59.999Z")
        guard let moment, moment >= 0 else {
            throw .invalid("must be a moment such as 2026-07-21T08:30:00Z, or a day", at: Self.moment)
        }
        return UInt64(moment)
    }
}
