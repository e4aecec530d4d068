internal import JSON

/// `GET /api/v1/openapi.json`: the native interface described from its own routing table.
enum OpenAPI {
    static let route = Route(
        "native.openapi",
        .native,
        "GET",
        NativeDoor.base + "/openapi.json",
        access: .open,
        "Describes this interface (OpenAPI 3.1).",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        .json(document(call.services.routes.routes, version: call.configuration.softwareVersion))
    }

    /// The description of the routes outside FHIR.
    static func document(_ routes: [Route], version: String) -> [UInt8] {
        let routes = routes.filter { $0.door != .fhir }
        var writer = JSONWriter(capacity: 8_192)
        writer.beginObject()
        writer.member("openapi", "3.1.0")
        writer.key("info")
        writer.beginObject()
        writer.member("title", "Tessera client registry")
        writer.member("version", version)
        writer.endObject()
        writer.key("paths")
        writer.beginObject()
        var written: Set<String> = []
        for route in routes where written.insert(route.pattern.text).inserted {
            writer.key(route.pattern.text)
            writer.beginObject()
            for operation in routes where operation.pattern == route.pattern { write(operation, to: &writer) }
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func write(_ route: Route, to writer: inout JSONWriter) {
        writer.key(route.method.lowercased())
        writer.beginObject()
        writer.member("operationId", route.name)
        writer.member("summary", route.summary)
        let names = route.pattern.names
        if !names.isEmpty || !route.parameters.isEmpty {
            writer.key("parameters")
            writer.beginArray()
            for name in names { write(RouteParameter(name, "", required: true), in: "path", to: &writer) }
            for parameter in route.parameters { write(parameter, in: "query", to: &writer) }
            writer.endArray()
        }
        writer.key("responses")
        writer.beginObject()
        write("200", "Done.", nil, to: &writer)
        write("default", "What was wrong (RFC 9457).", MediaType.problem, to: &writer)
        writer.endObject()
        writer.endObject()
    }

    private static func write(_ parameter: RouteParameter, in place: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", parameter.name)
        writer.member("in", place)
        writer.member("required", flag: parameter.isRequired)
        if !parameter.summary.isEmpty { writer.member("description", parameter.summary) }
        writer.key("schema")
        writer.beginObject()
        writer.member("type", parameter.kind.rawValue)
        writer.endObject()
        writer.endObject()
    }

    private static func write(_ status: String, _ text: String, _ media: String?, to writer: inout JSONWriter) {
        writer.key(status)
        writer.beginObject()
        writer.member("description", text)
        if let media {
            writer.key("content")
            writer.beginObject()
            writer.key(media)
            writer.beginObject()
            writer.endObject()
            writer.endObject()
        }
        writer.endObject()
    }
}
