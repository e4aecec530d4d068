internal import Foundation
internal import JSON
internal import NIOPosix
internal import Transport

/// Asks a registry and turns whatever goes wrong into one line.
struct RegistryClient: Sendable {
    /// Whom it asks.
    let url: ServerURL
    private let http: HTTPClient

    /// Longest answer that is read: a page of an export is far below it.
    private static let answerBytesMax = 256 << 20

    /// A client; connects when it is first asked.
    init(_ url: ServerURL, _ options: ConnectionOptions, connections: Int = 1) throws(CommandFailure) {
        self.url = url
        var configuration = HTTPClientConfiguration(connections: connections)
        configuration.maxResponseBytes = Self.answerBytesMax
        do {
            http = try HTTPClient(
                endpoint: options.endpoint(url),
                configuration: configuration,
                group: MultiThreadedEventLoopGroup.singleton
            )
        } catch {
            throw CommandFailure("\(url): \(error); look at --ca, --cert and --key")
        }
    }

    /// Closes its connections.
    func close() async { await http.close() }

    /// Runs a piece of work with a client, which is closed afterwards.
    static func with<Value>(
        _ url: ServerURL,
        _ options: ConnectionOptions,
        connections: Int = 1,
        _ work: (RegistryClient) async throws -> Value
    ) async throws -> Value {
        let client = try RegistryClient(url, options, connections: connections)
        do {
            let value = try await work(client)
            await client.close()
            return value
        } catch {
            await client.close()
            throw error
        }
    }

    /// The variable that holds a bearer token, for registries that ask who their clients are.
    static let tokenVariable = "TESSERA_TOKEN"

    /// The request with the token of the environment, where there is one.
    static func shown(_ request: HTTPClientRequest) -> HTTPClientRequest {
        guard let token = ProcessInfo.processInfo.environment[tokenVariable], !token.isEmpty else { return request }
        var request = request
        request.headers.add("authorization", "Bearer \(token)")
        return request
    }

    /// Sends a request; any status is an answer.
    ///
    /// - Throws: a failure that names the server when it gives none.
    func send(_ request: HTTPClientRequest) async throws(CommandFailure) -> HTTPResponse {
        do {
            return try await http.send(Self.shown(request))
        } catch {
            throw Self.failure(url, error)
        }
    }

    /// Sends a request; any status is an answer, and the wire's own error is told where there is none.
    func exchange(_ request: HTTPClientRequest) async throws(TransportError) -> HTTPResponse {
        try await http.send(Self.shown(request))
    }

    /// Reads a path.
    ///
    /// - Throws: a failure unless the answer is 200.
    func get(_ path: String, accept: String = "application/json") async throws(CommandFailure) -> HTTPResponse {
        let response = try await send(HTTPClientRequest(path: path, headers: ["accept": accept]))
        guard response.status == 200 else { throw Self.failure(url, path, response.status, response.body) }
        return response
    }

    /// Reads a path that answers JSON.
    ///
    /// - Throws: a failure unless the answer is 200 and JSON.
    func json(_ path: String) async throws(CommandFailure) -> JSONValue {
        let response = try await get(path)
        do {
            return try JSONValue(parsing: response.body.span.bytes, limits: JSONLimits(bytes: Self.answerBytesMax))
        } catch {
            throw CommandFailure("\(url)\(path) answered something that is no JSON: is this a Tessera server?")
        }
    }

    /// The line for a server that gave no answer.
    static func failure(_ url: ServerURL, _ error: TransportError) -> CommandFailure {
        switch error.code {
        case .connectFailed:
            CommandFailure(
                "no server answers at \(url) (\(words(error))); start one, or name another with \(ServerURL.variable)"
            )
        case .deadlineExceeded: CommandFailure("\(url) did not answer in time")
        case .tls: CommandFailure("\(url): \(error.detail); look at --ca, --cert and --key")
        default: CommandFailure("\(url): \(error)")
        }
    }

    /// An error in few words: the system's own where it has some.
    static func words(_ error: TransportError) -> String {
        let known = ["Connection refused", "Connection timed out", "No route to host", "Network is unreachable"]
        if let words = known.first(where: error.detail.contains) { return words.lowercased() }
        return "\(error.code.rawValue)\(error.detail.isEmpty ? "" : ": \(error.detail.prefix(120))")"
    }

    /// The line for an answer that says no, with the server's own words where it has some.
    static func failure(_ url: ServerURL, _ path: String, _ status: Int, _ body: [UInt8]) -> CommandFailure {
        let plain = path.prefix { $0 != "?" }
        guard let words = ProblemWords.read(body) else { return CommandFailure("\(url)\(plain) answered \(status)") }
        return CommandFailure("\(url)\(plain) answered \(status): \(words)")
    }
}
