import Coordinator
import Locks
import NIOCore
import Topology
import Transport

/// The way to whichever coordinator leads.
final class PeerLink: LeaderLink {
    /// A little more than the leader itself gives a write, so that its own answer comes first.
    private static let deadline: Duration = .seconds(12)

    /// How often it is looked whether another one leads.
    private static let watchInterval: Duration = .milliseconds(100)

    private let members: MemberTLS?
    private let group: any EventLoopGroup
    private let clients = Mutex([String: HTTPClient]())

    init(members: MemberTLS?, group: any EventLoopGroup) {
        self.members = members
        self.group = group
    }

    /// Lets go of leaders that were, until the task is cancelled.
    ///
    /// One that hangs takes messages and answers none: whoever waits for it is told to repeat as soon as it leads no
    /// more, and not when it is found to be silent.
    func run(_ control: any ControlPlaneClient) async {
        var last = control.leader()
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.watchInterval)
            let leader = control.leader()
            guard leader != last else { continue }
            last = leader
            let former = clients.withLock { clients in
                defer { clients = [:] }
                return Array(clients.values)
            }
            for client in former { await client.close(timeout: .zero) }
        }
    }

    func carry(_ message: [UInt8], to leader: Leader) async throws(RegistryError) -> [UInt8] {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await client(leader.address).send(
                HTTPClientRequest(method: "POST", path: PeerDoor.path, body: message),
                deadline: Self.deadline
            )
        } catch {
            throw .unavailable(reason: "\(leader.name), which leads, does not answer", retryAfterSeconds: 1)
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
        // A leader that hangs is given up before its lease ends, so that whoever waits for it is free when another one
        // takes over.
        let client = try HTTPClient(
            endpoint: Endpoint(host: parsed.host, port: parsed.port, tls: members?.client),
            configuration: .member(),
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
