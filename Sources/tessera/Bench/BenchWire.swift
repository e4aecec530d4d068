internal import Foundation
internal import NIOPosix
internal import Transport

/// The connections of a load test, of HTTP/2 or HTTP/1.1, with what is shown on every request.
struct BenchWire: Sendable {
    private enum Client: Sendable {
        case multiplexed(HTTPClient)
        case single(HTTP1Client)
    }

    private let client: Client
    private let fields: [(String, String)]

    /// Answers of a load test are pages of a few persons; more is a fault of the server.
    private static let answerBytesMax = 64 << 20

    /// Connects when first asked.
    ///
    /// - Throws: a failure that names the file that cannot be read, or the certificates.
    init(_ target: BenchTarget, _ options: WireOptions, connections: Int) throws(CommandFailure) {
        var configuration = HTTPClientConfiguration(connections: connections)
        configuration.maxResponseBytes = Self.answerBytesMax
        configuration.maxWaitingRequests = 1 << 20
        let endpoint = options.connection.endpoint(target.server)
        let group = MultiThreadedEventLoopGroup.singleton
        do throws(TransportError) {
            client =
                options.http1
                ? .single(try HTTP1Client(endpoint: endpoint, configuration: configuration, group: group))
                : .multiplexed(try HTTPClient(endpoint: endpoint, configuration: configuration, group: group))
        } catch {
            throw CommandFailure("\(target): \(error); look at --ca, --cert and --key")
        }
        fields = try options.fields()
    }

    /// Sends a request; any status is an answer.
    func send(_ request: HTTPClientRequest) async throws(TransportError) -> HTTPResponse {
        var request = request
        for (name, value) in fields { request.headers[name] = value }
        switch client {
        case .multiplexed(let client): return try await client.send(request)
        case .single(let client): return try await client.send(request)
        }
    }

    /// Closes the connections.
    func close() async {
        switch client {
        case .multiplexed(let client): await client.close()
        case .single(let client): await client.close()
        }
    }
}
