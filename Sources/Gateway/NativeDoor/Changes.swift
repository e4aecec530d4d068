internal import Coordinator
internal import Identifiers
internal import JSON

/// `GET /api/v1/changes`: what happened to identities, in order, from any point on.
enum Changes {
    static let route = Route(
        "native.changes",
        .native,
        "GET",
        NativeDoor.base + "/changes",
        access: .search("rs"),
        parameters: [PageParameters.after, PageParameters.limit],
        "Reads the change feed in order; keep `next` and pass it as `after` to go on.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let limits = call.limits
        let limit = try PageParameters.limit(call.request.target, standard: limits.pageDefault, most: limits.pageMax)
        let text = call.request.target["after"] ?? "0"
        guard let position = UInt64(text) else { throw .invalid("not a cursor of this feed", at: "after") }
        let after = Sequence(position)
        let page = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.changes(after: after, limit: limit)
        }
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.entries(page)
        writer.member("next", page.next.description)
        writer.member("more", flag: page.more)
        writer.endObject()
        return .json(writer.bytes)
    }
}

extension JSONWriter {
    /// Writes the entries of a page of changes as the member `entries`.
    mutating func entries(_ page: ChangesPage) {
        key("entries")
        beginArray()
        for entry in page.entries {
            beginObject()
            member("sequence", number: entry.sequence.rawValue)
            member("at", milliseconds: entry.at)
            if let record = entry.record {
                member("record", record.record.description)
                member("version", number: record.version)
                member("change", "\(record.change)")
            }
            key("events")
            beginArray()
            for (index, event) in entry.events.enumerated() { self.event(event, id: "\(entry.sequence).\(index)") }
            endArray()
            endObject()
        }
        endArray()
    }
}
