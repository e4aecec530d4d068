internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// `GET /api/v1/links`: which record belongs to whom, for all live records, as JSON or CSV.
enum Links {
    static let route = Route(
        "native.links",
        .native,
        "GET",
        NativeDoor.base + "/links",
        access: .search("rs"),
        parameters: [PageParameters.after, PageParameters.limit],
        "Walks all live records with their golden identifiers; `Accept: text/csv` gives source,record_id,golden_id.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let target = call.request.target
        let limit = try PageParameters.limit(target, standard: 1_000, most: call.limits.exportPageMax)
        var after: RecordID?
        if let text = target["after"], !text.isEmpty {
            guard let id = RecordID(text) else { throw .invalid("not a cursor of this list", at: "after") }
            after = id
        }
        let offered = ["application/json", "text/csv"]
        guard let type = ContentNegotiation.best(call.request.headers.list("accept"), of: offered) else {
            throw DoorFault(406, .notSupported, "can be answered as \(offered.joined(separator: " or "))")
        }
        let start = after
        let page = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.links(after: start, limit: limit)
        }
        var answer = type == "text/csv" ? csv(page, isFirst: start == nil) : json(page)
        if let next = page.next {
            answer.headers["link"] = "<\(NativeDoor.base)/links?after=\(next)&limit=\(limit)>; rel=\"next\""
        }
        answer.headers["vary"] = "accept"
        return answer
    }

    private static func json(_ page: LinksPage) -> DoorAnswer {
        var writer = JSONWriter(capacity: 64 + page.entries.count * 128)
        writer.beginObject()
        writer.key("links")
        writer.beginArray()
        for entry in page.entries {
            writer.beginObject()
            writer.members(entry.key, entry.id)
            writer.member("golden", entry.golden.description)
            writer.endObject()
        }
        writer.endArray()
        if let next = page.next { writer.member("next", next.description) }
        writer.endObject()
        return .json(writer.bytes)
    }

    /// The header stands in the first page only, so that the pages one after another are one file.
    private static func csv(_ page: LinksPage, isFirst: Bool) -> DoorAnswer {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(page.entries.count * 64)
        if isFirst { bytes.append(contentsOf: "source,record_id,golden_id\n".utf8) }
        for entry in page.entries {
            append(entry.key.source, to: &bytes)
            bytes.append(UInt8(ascii: ","))
            append(entry.key.value, to: &bytes)
            bytes.append(UInt8(ascii: ","))
            bytes.append(contentsOf: entry.golden.description.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
        return .content(MediaType.csv, bytes)
    }

    /// One field, in quotes where it needs them (RFC 4180).
    private static func append(_ field: String, to bytes: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        guard field.utf8.contains(where: { $0 == quote || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else {
            bytes.append(contentsOf: field.utf8)
            return
        }
        bytes.append(quote)
        for byte in field.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }
}
