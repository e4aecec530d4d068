internal import JSON
internal import Transport

/// Asks a coordinator about what the leader does besides writes: moves, backups, scrubs.
struct KeepingCall: Sendable {
    /// Between two looks at work under way.
    static let pause: Duration = .milliseconds(300)

    let path: String
    let client: RegistryClient

    /// How things are.
    func read() async throws -> JSONValue { try await client.json(path) }

    /// Gives an order.
    ///
    /// - Parameter write: writes the order's members.
    /// - Returns: how things are then.
    /// - Throws: `CommandFailure`.
    func send(_ write: (inout JSONWriter) -> Void) async throws -> JSONValue {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        write(&writer)
        writer.endObject()
        let request = HTTPClientRequest(
            method: "POST",
            path: path,
            headers: ["content-type": "application/json", "accept": "application/json"],
            body: writer.bytes
        )
        let response = try await client.send(request)
        guard response.status == 200 else {
            throw RegistryClient.failure(client.url, path, response.status, response.body)
        }
        return try JSONValue(parsing: response.body.span.bytes)
    }
}
