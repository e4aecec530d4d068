internal import FHIR
internal import Audit
internal import Coordinator
internal import JSON

/// `POST` and `DELETE /api/v1/reviews/{id}/claim`: a steward takes a question, gives it to another one, or leaves it.
enum ClaimReview {
    static let route = Route(
        "native.review.claim",
        .native,
        "POST",
        NativeDoor.base + "/reviews/{id}/claim",
        access: .steward("u", .update),
        "Takes a question, or gives it to somebody: {assignee, comment, take: whether also from another steward}.",
        answer: claim
    )

    static let releaseRoute = Route(
        "native.review.leave",
        .native,
        "DELETE",
        NativeDoor.base + "/reviews/{id}/claim",
        access: .steward("u", .update),
        "Leaves a question to others.",
        answer: leave
    )

    private static func claim(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let name = try name(call)
        let body = call.request.body.isEmpty ? JSONObject() : try JSONBody.parse(call.request.body)
        let author = Steward.name(body, call)
        let claim = ReviewClaim(
            assignee: String((body["assignee"]?.string ?? author).prefix(ReviewClaim.textLimit)),
            by: author,
            at: call.services.time(),
            comment: String((body["comment"]?.string ?? "").prefix(ReviewClaim.textLimit))
        )
        let document = claim.encoded()
        let isNew = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.note(new: name, document)
        }
        if !isNew {
            let standing = try await standing(name, call)
            if let standing, standing.assignee != author, body["take"]?.boolean != true {
                throw DoorFault(409, .conflict, "\(standing.assignee) has taken this question already")
            }
            try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, document) }
        }
        return answer(claim, call)
    }

    private static func leave(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let name = try name(call)
        guard try await standing(name, call) != nil else { throw .notFound("nobody has taken this question") }
        try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name, nil) }
        return DoorAnswer(status: 204)
    }

    private static func standing(_ name: String, _ call: DoorCall) async throws(DoorFault) -> ReviewClaim? {
        let note = try await call.ask { (registry) async throws(RegistryError) in try await registry.note(name) }
        return note.flatMap(ReviewClaim.init(decoding:))
    }

    private static func name(_ call: DoorCall) throws(DoorFault) -> String {
        guard let place = ReviewPlace("0-\(call.path[0])") else { throw .notFound("there is no such question") }
        return ReviewClaim.name(of: place.name)
    }

    private static func answer(_ claim: ReviewClaim, _ call: DoorCall) -> DoorAnswer {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.member("id", call.path[0])
        claim.write(to: &writer)
        writer.endObject()
        return .json(writer.bytes)
    }
}
