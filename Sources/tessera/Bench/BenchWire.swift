internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Transport

/// The connections of a load test, of HTTP/2 or HTTP/1.1, with what is shown on every request.
///
/// All are on one event loop. Where the tasks that send are on it too (`executor`, `clock`), a request costs the load
/// test no change of threads, and the server has the rest of the machine.
struct BenchWire: Sendable {
    private enum Client: Sendable {
        /// One for each connection: a client asked from its connections' own loop keeps to one of them.
        case multiplexed([HTTPClient])
        case single(HTTP1Client)
    }

    /// Carries tasks out where the connections are.
    let executor: LoopExecutor
    /// Wakes them there.
    let clock: LoopClock
    private let client: Client
    private let turns = Counter()
    private let fields: [(String, String)]

    /// Answers of a load test are pages of a few persons; more is a fault of the server.
    private static let answerBytesMax = 64 << 20

    /// Connects when first asked.
    ///
    /// - Throws: a failure that names the file that cannot be read, or the certificates.
    init(_ target: BenchTarget, _ options: WireOptions, connections: Int) throws(CommandFailure) {
        var configuration = HTTPClientConfiguration(connections: options.http1 ? connections : 1)
        configuration.maxResponseBytes = Self.answerBytesMax
        configuration.maxWaitingRequests = 1 << 20
        let endpoint = options.connection.endpoint(target.server)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        executor = LoopExecutor(loop)
        clock = LoopClock(loop)
        do throws(TransportError) {
            if options.http1 {
                client = .single(try HTTP1Client(endpoint: endpoint, configuration: configuration, group: loop))
            } else {
                var clients: [HTTPClient] = []
                for _ in 0..<connections {
                    clients.append(try HTTPClient(endpoint: endpoint, configuration: configuration, group: loop))
                }
                client = .multiplexed(clients)
            }
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
        case .multiplexed(let clients): return try await clients[turns.turn(of: clients.count)].send(request)
        case .single(let client): return try await client.send(request)
        }
    }

    /// Closes the connections.
    func close() async {
        switch client {
        case .multiplexed(let clients): for client in clients { await client.close() }
        case .single(let client): await client.close()
        }
    }
}
