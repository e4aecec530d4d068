internal import JSON

/// What a request to a route carries, as a description says it.
struct OpenAPIBody {
    /// Its media type.
    let media: String
    /// What of JSON it is; text where it is none.
    let type: String

    /// The body of a route's requests; `nil` where they have none.
    init?(_ route: Route) {
        switch (route.method, route.door) {
        case ("PATCH", .fhir): (media, type) = ("application/json-patch+json", "array")
        case ("POST", .fhir) where route.name.hasSuffix("search-form"):
            (media, type) = ("application/x-www-form-urlencoded", "object")
        case ("POST", .fhir), ("PUT", .fhir): (media, type) = ("application/fhir+json", "object")
        case ("POST", .native) where route.name == "native.load":
            (media, type) = (MediaType.ndjson, "string")
        case ("POST", .native), ("PUT", .native): (media, type) = (MediaType.json, "object")
        default: return nil
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.key("requestBody")
        writer.beginObject()
        writer.key("content")
        writer.beginObject()
        writer.key(media)
        writer.beginObject()
        writer.key("schema")
        writer.beginObject()
        writer.member("type", type)
        writer.endObject()
        writer.endObject()
        writer.endObject()
        writer.endObject()
    }
}
