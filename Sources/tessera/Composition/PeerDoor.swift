import Coordinator
import Transport

/// The door for other coordinators: they bring here what only the leader may do.
///
/// It listens apart from the public doors, on an address that coordinators alone should reach: where members show no
/// certificates, whoever reaches it is trusted.
struct PeerDoor: HTTPHandler {
    /// Where messages go.
    static let path = "/peer/v1"
    /// A hand-in at most: the largest bundle that a public door takes, prepared.
    private static let messageLimit = 128 << 20

    let registry: Registry
    /// The names of coordinators in their certificates; `nil`: whoever knocks is one.
    var members: CertificateNames?

    func bodyMode(for head: HTTPRequestHead) -> BodyMode { .buffered(maxBytes: Self.messageLimit) }

    func respond(to head: HTTPRequestHead, body: [UInt8]) async -> HTTPResponse {
        guard head.path == Self.path, head.method == "POST" else { return .text(404, "POST \(Self.path)\n") }
        if let members, !members.admits(head.peer) { return .text(403, "this door is for coordinators\n") }
        let answer = await registry.answer(peer: body)
        return HTTPResponse(status: 200, headers: ["content-type": "application/octet-stream"], body: answer)
    }

    /// What the server of this door allows.
    static func configuration(_ listen: ListenAddress, _ members: MemberTLS?) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration(host: listen.host, port: listen.port, tls: members?.server)
        configuration.limits.maxGatheredBytesPerConnection = messageLimit * 2
        return configuration
    }
}
