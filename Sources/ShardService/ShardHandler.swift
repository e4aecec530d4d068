internal import Locks
import ShardProtocol
import ShardStore
import Transport

/// Answers a shard node's requests: messages to the store, health, metrics.
final class ShardHandler: InlineHTTPHandler {
    /// What the node is doing.
    enum Stage: Sendable {
        /// The store is being opened.
        case recovering
        /// The store answers.
        case serving(ShardStore)
        /// The store could not be opened, or the process is going down.
        case out(String)
    }

    private static let messageHeaders: HTTPFields = ["content-type": "application/octet-stream"]
    private static let metricsHeaders: HTTPFields = ["content-type": "text/plain; version=0.0.4"]
    /// Questions without a message need no body; a little is taken so that clients that send one are answered.
    private static let otherBodyBytes = 4_096

    private let stage = Mutex(Stage.recovering)
    /// The names of coordinators in their certificates; `nil`: whoever reaches the port is one.
    private let members: CertificateNames?

    init(members: CertificateNames? = nil) { self.members = members }

    /// Goes over to another stage.
    func enter(_ next: Stage) { stage.withLock { $0 = next } }

    func maxBodyBytes(for head: HTTPRequestHead) -> Int {
        head.pathOnly == ShardRoute.messages
            ? MessageFrame.headLength + MessageFrame.contentLimit : ShardHandler.otherBodyBytes
    }

    func respond(to head: HTTPRequestHead, body: [UInt8], reply: HTTPReply) {
        let isReading = head.method == "GET" || head.method == "HEAD"
        switch (head.pathOnly, isReading) {
        case (ShardRoute.messages[...], false) where head.method == "POST":
            guard members?.admits(head.peer) ?? true else { return reply.send(ShardHandler.stranger) }
            take(body, reply)
        case (ShardRoute.live[...], true): reply.send(.text(200, "ok\n"))
        case (ShardRoute.ready[...], true): reply.send(readiness)
        case (ShardRoute.metrics[...], true):
            guard members == nil || head.peer.certificate != nil else { return reply.send(ShardHandler.stranger) }
            sendMetrics(reply)
        case (ShardRoute.messages[...], _), (ShardRoute.live[...], _), (ShardRoute.ready[...], _),
            (ShardRoute.metrics[...], _):
            reply.send(.text(405, "\(head.pathOnly) does not take \(head.method)\n"))
        default: reply.send(.text(404, "a shard node answers \(ShardRoute.messages), health and metrics\n"))
        }
    }

    private static var stranger: HTTPResponse {
        .text(403, "this is for members of the cluster: show a certificate that says so\n")
    }

    private var current: Stage { stage.withLock { $0 } }

    private var readiness: HTTPResponse {
        switch current {
        case .recovering: .text(503, "recovering\n")
        case .serving: .text(200, "ok\n")
        case .out(let reason): .text(503, reason + "\n")
        }
    }

    private func take(_ body: [UInt8], _ reply: HTTPReply) {
        let store: ShardStore
        switch current {
        case .serving(let open): store = open
        case .recovering: return ShardHandler.send(.failure(.unavailable("the shard is recovering")), reply)
        case .out(let reason): return ShardHandler.send(.failure(.unavailable(reason)), reply)
        }
        let decoded = body.withUnsafeBytes { bytes in
            Result { () throws(MessageError) in try MessageFrame.decodeRequest(bytes) }
        }
        switch decoded {
        case .success(let request): store.submit(request) { ShardHandler.send($0, reply) }
        case .failure(let error): ShardHandler.send(.failure(.badRequest("message: \(error)")), reply)
        }
    }

    private func sendMetrics(_ reply: HTTPReply) {
        guard case .serving(let store) = current else { return reply.send(readiness) }
        store.submit(.status) { answer in
            guard case .status(let status) = answer else { return reply.send(.text(503, "no status\n")) }
            let text = ShardMetrics.text(store.counters, store.steps, status)
            reply.send(HTTPResponse(status: 200, headers: ShardHandler.metricsHeaders, body: Array(text.utf8)))
        }
    }

    private static func send(_ answer: ShardAnswer, _ reply: HTTPReply) {
        reply.send(HTTPResponse(status: 200, headers: messageHeaders, body: MessageFrame.encode(answer)))
    }
}
