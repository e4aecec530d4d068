internal import JSON

/// `GET /api/v1/openapi.json`: every interface on the port described from its own routing table.
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

    /// The description of the routes.
    static func document(_ routes: [Route], version: String) -> [UInt8] {
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
        writeSchemes(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// How clients show who they are.
    private static func writeSchemes(to writer: inout JSONWriter) {
        writer.key("components")
        writer.beginObject()
        writer.key("securitySchemes")
        writer.beginObject()
        writer.key("token")
        writer.beginObject()
        writer.member("type", "http")
        writer.member("scheme", "bearer")
        writer.member("bearerFormat", "JWT")
        writer.endObject()
        writer.key("certificate")
        writer.beginObject()
        writer.member("type", "mutualTLS")
        writer.endObject()
        writer.endObject()
        writer.endObject()
    }

    /// Either will do; where nobody has to show anything the list is empty.
    private static func writeSecurity(_ route: Route, to writer: inout JSONWriter) {
        writer.key("security")
        writer.beginArray()
        if !route.access.isOpen {
            for name in ["token", "certificate"] {
                writer.beginObject()
                writer.key(name)
                writer.beginArray()
                writer.endArray()
                writer.endObject()
            }
        }
        writer.endArray()
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
        OpenAPIBody(route)?.write(to: &writer)
        writeSecurity(route, to: &writer)
        let isFHIR = route.door == .fhir || route.door == .openCR
        let media = isFHIR ? MediaType.fhirJSON : MediaType.problem
        writer.key("responses")
        writer.beginObject()
        write("200", "Done.", nil, to: &writer)
        if route.method != "GET" { write("204", "Done, and there is nothing to tell.", nil, to: &writer) }
        if !route.access.isOpen {
            write("401", "Nothing that was shown says who the client is.", media, to: &writer)
            write("403", "The client may not do this.", media, to: &writer)
            write("429", "The client asks too often; Retry-After says when to come back.", media, to: &writer)
        }
        let words = isFHIR ? "What was wrong (OperationOutcome)." : "What was wrong (RFC 9457)."
        write("default", words, media, to: &writer)
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
