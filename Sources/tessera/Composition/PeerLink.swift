import Coordinator
import Locks
import NIOCore
import Topology
import Transport

/// The way to whichever coordinator leads; keeps the connections of leaders that were, since they may lead again.
final class PeerLink: LeaderLink {
    /// A little more than the leader itself gives a write, so that its own answer comes first.
    private static let deadline: Duration = .seconds(12)

    private let group: any EventLoopGroup
    private let clients = Mutex([String: HTTPClient]())

    init(group: any EventLoopGroup) { self.group = group }

    func carry(_ message: [UInt8], to leader: Leader) async throws(RegistryError) -> [UInt8] {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await client(leader.address).send(
                HTTPClientRequest(method: "POST", path: PeerDoor.path, body: message),
                deadline: Self.deadline
            )
        } catch {
            throw .unavailable(reason: "\(leader.name), which leads, does not answer: \(error)", retryAfterSeconds: 1)
        }
        guard response.status == 200 else {
            throw .unavailable(reason: "\(leader.name), which leads, answered \(response.status)", retryAfterSeconds: 1)
        }
        return response.body
    }

    private func client(_ address: String) throws(TransportError) -> HTTPClient {
        if let client = clients.withLock({ $0[address] }) { return client }
        guard let parsed = ListenAddress(address) else {
            throw TransportError(.connectFailed, "connect", "\(address) is no address")
        }
        var configuration = HTTPClientConfiguration()
        // A leader that hangs is given up soon: its lease ends within seconds, and another one takes over.
        configuration.livenessInterval = .seconds(2)
        configuration.livenessTimeout = .seconds(2)
        let client = try HTTPClient(
            endpoint: Endpoint(host: parsed.host, port: parsed.port),
            configuration: configuration,
            group: group
        )
        return clients.withLock { clients in
            // Of two made at once the first one stays; the other closes when it is let go.
            if let first = clients[address] { return first }
            clients[address] = client
            return client
        }
    }
}
