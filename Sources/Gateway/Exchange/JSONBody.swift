internal import FHIR
internal import JSON

/// The bodies of native requests: small JSON documents.
enum JSONBody {
    /// Reads a body that must be one JSON object.
    static func parse(_ bytes: [UInt8]) throws(DoorFault) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes.span.bytes)
        } catch {
            throw DoorFault(error)
        }
        guard let object = value.object else { throw .invalid("the body must be a JSON object", at: "$this") }
        return object
    }

    /// Checks that a body is not compressed: a small one could stand for any number of bytes.
    static func requirePlain(_ request: DoorRequest) throws(DoorFault) {
        guard let coding = request.headers.list("content-encoding"), coding.lowercased() != "identity" else { return }
        throw DoorFault(415, .notSupported, "the body must not be compressed", at: "Content-Encoding")
    }

    /// Checks the media type of a body; a request that names none is taken at its word.
    static func require(_ request: DoorRequest, _ accepted: [String]) throws(DoorFault) {
        guard let text = request.headers["content-type"] else { return }
        let type = ContentNegotiation.Range(text[...])
        guard accepted.contains(type.type) else {
            let detail = "the body must be \(accepted.joined(separator: " or "))"
            throw DoorFault(415, .notSupported, detail, at: "Content-Type")
        }
    }
}
