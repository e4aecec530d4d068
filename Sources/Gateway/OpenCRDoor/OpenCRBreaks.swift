internal import Audit
internal import Coordinator
internal import FHIR
internal import Identifiers
internal import Identity
internal import JSON

/// `POST /match/break-match` and `/match/unbreak-match`: records leave their person, and may come back.
enum OpenCRBreaks {
    static let breaking = Route(
        "opencr.break-match",
        .openCR,
        "POST",
        OpenCRDoor.matching + "/break-match",
        access: .steward("u", .update),
        parameters: [RouteParameter("username", "Who breaks the match, where nobody has to show who they are.")],
        "Parts records from their persons: [\"Patient/id\", …]; those of one person leave it together.",
        answer: answerBreak
    )

    static let unbreaking = Route(
        "opencr.unbreak-match",
        .openCR,
        "POST",
        OpenCRDoor.matching + "/unbreak-match",
        access: .steward("u", .update),
        parameters: [RouteParameter("username", "Who takes the break back, where nobody has to show who they are.")],
        "Lets the rules decide again about pairs that were parted: [{id1, id2}, …].",
        answer: answerUnbreak
    )

    /// Records or pairs of one request.
    private static let limit = 1_000

    private static func answerBreak(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        var groups: [(golden: GoldenID, leaving: [RecordID])] = []
        for (index, item) in try list(call).enumerated() {
            let record = try await record(item, at: "[\(index)]", call)
            guard let golden = record.golden else { throw .notFound("the Patient belongs to no person ([\(index)])") }
            if let place = groups.firstIndex(where: { $0.golden == golden }) {
                groups[place].leaving.append(record.id)
            } else {
                groups.append((golden, [record.id]))
            }
        }
        var isProposed = false
        for (golden, leaving) in groups {
            let person = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.person(golden)
            }
            // Where all of them leave, nothing is parted: they stay the person that they are.
            guard let person, Set(person.members.map(\.id)).subtracting(leaving).isEmpty == false else { continue }
            let ruling = try await rule(.persons(.split(leaving)), "break-match", call)
            isProposed = isProposed || ruling.state == .proposed
        }
        let text = isProposed ? "A second steward has to agree" : "Match Broken"
        return .content(MediaType.plainText, Array(text.utf8), status: isProposed ? 202 : 200)
    }

    private static func answerUnbreak(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        var pairs: [RecordPair] = []
        for (index, item) in try list(call).enumerated() {
            let first = try await record(item["id1"], at: "[\(index)].id1", call)
            let second = try await record(item["id2"], at: "[\(index)].id2", call)
            guard let pair = RecordPair(first.id, second.id) else {
                throw .invalid("id1 and id2 are one Patient", at: "[\(index)].id2")
            }
            pairs.append(pair)
        }
        var entries: [JSONValue] = []
        for pair in pairs {
            _ = try await rule(.free(pair), "unbreak-match", call)
            for id in [pair.a, pair.b] {
                let response: JSONObject = ["status": "200 OK", "location": .string("Patient/\(id)")]
                entries.append(.object(["response": .object(response)]))
            }
        }
        let bundle: JSONObject = [
            "resourceType": "Bundle", "type": "batch-response", "entry": .array(entries),
        ]
        return .resource(JSONValue.object(bundle).serialised(), status: 201)
    }

    // MARK: Parts

    private static func list(_ call: DoorCall) throws(DoorFault) -> [JSONValue] {
        let value: JSONValue
        let body = call.request.body
        do throws(JSONError) {
            value = try JSONValue(parsing: body.span.bytes)
        } catch {
            throw DoorFault(error)
        }
        guard let items = value.array else { throw .invalid("the body must be a list") }
        guard items.count <= limit else { throw DoorFault(400, .tooCostly, "at most \(limit) at a time") }
        return items
    }

    /// The record that a reference such as `Patient/0F…` names.
    static func record(_ value: JSONValue?, at place: String, _ call: DoorCall) async throws(DoorFault) -> StoredRecord
    {
        guard let text = value?.string, text.hasPrefix("Patient/"), let id = RecordID(String(text.dropFirst(8))) else {
            throw .invalid("must be a reference such as Patient/id", at: place)
        }
        return try await record(id, at: place, call)
    }

    /// A live record.
    static func record(_ id: RecordID, at place: String, _ call: DoorCall) async throws(DoorFault) -> StoredRecord {
        let found = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
        guard let record = found, !record.deleted else {
            throw DoorFault(400, .notFound, "there is no Patient with this id", at: place)
        }
        return record
    }

    /// Rules as a steward.
    static func rule(_ order: RulingOrder, _ comment: String, _ call: DoorCall) async throws(DoorFault) -> Ruling {
        let request = RulingRequest(
            order,
            by: String(OpenCRDoor.author(call).prefix(StewardDecision.byLimit / 4)),
            comment: comment
        )
        return try await call.ask { (registry) async throws(RegistryError) in
            try await registry.rule(request, storing: nil)
        }
    }
}
