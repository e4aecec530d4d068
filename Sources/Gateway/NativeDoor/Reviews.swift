internal import Audit
internal import Coordinator
internal import Identifiers
internal import Identity
internal import JSON

/// `GET /api/v1/reviews`: the open questions for data stewards, most harmful first.
enum Reviews {
    static let route = Route(
        "native.reviews",
        .native,
        "GET",
        NativeDoor.base + "/reviews",
        access: .steward("rs", .read),
        parameters: [PageParameters.limit],
        "Lists open questions for data stewards, most harmful first.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let limits = call.limits
        let limit = try PageParameters.limit(call.request.target, standard: limits.pageDefault, most: limits.pageMax)
        let reviews = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.reviews(limit: limit)
        }
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.key("reviews")
        writer.beginArray()
        for review in reviews {
            writer.beginObject()
            try await write("a", review.task.pair.a, call, &writer)
            try await write("b", review.task.pair.b, call, &writer)
            writer.members(review.task)
            writer.member("raised", milliseconds: review.raised)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    /// One record of the pair, with its key where it is still there.
    private static func write(
        _ name: String,
        _ id: RecordID,
        _ call: DoorCall,
        _ writer: inout JSONWriter
    ) async throws(DoorFault) {
        let record = try await call.ask { (registry) async throws(RegistryError) in try await registry.record(id: id) }
        writer.key(name)
        writer.beginObject()
        if let record {
            writer.members(record.key, id)
            if let golden = record.golden { writer.member("golden", golden.description) }
        } else {
            writer.member("fhirId", id.description)
        }
        writer.endObject()
    }
}
