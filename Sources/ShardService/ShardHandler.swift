internal import Locks
internal import Identifiers
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
        /// The process is going down, or the store is being mended.
        case out(String)
        /// The store could not be opened, since what is stored is damaged.
        case damaged(String)
    }

    /// Gives up what is damaged in the store.
    typealias Mend = @Sendable (Epoch) async -> ShardAnswer

    private static let metricsHeaders: HTTPFields = ["content-type": "text/plain; version=0.0.4"]
    /// Questions without a message need no body; a little is taken so that clients that send one are answered.
    private static let otherBodyBytes = 4_096

    private let stage = Mutex(Stage.recovering)
    private let mending = Mutex<Mend?>(nil)
    /// The names of coordinators in their certificates; `nil`: whoever reaches the port is one.
    private let members: CertificateNames?
    private let speaks: SpokenVersions
    private let messageHeaders: HTTPFields

    init(members: CertificateNames? = nil, speaks: SpokenVersions = .all) {
        self.members = members
        self.speaks = speaks
        messageHeaders = [
            "content-type": "application/octet-stream", SpokenVersions.header: speaks.description,
        ]
    }

    /// Says who mends the store.
    func mend(by mend: @escaping Mend) { mending.withLock { $0 = mend } }

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
        case .out(let reason), .damaged(let reason): .text(503, reason + "\n")
        }
    }

    private func take(_ body: [UInt8], _ reply: HTTPReply) {
        let version = answerVersion(body)
        let decoded = body.withUnsafeBytes { bytes in
            Result { () throws(MessageError) in try MessageFrame.decodeRequest(bytes, speaks) }
        }
        switch decoded {
        case .success(let request): take(request) { self.send($0, version, reply) }
        case .failure(.unknownVersion(let asked)):
            send(.failure(.badRequest("version \(asked) of the protocol; this shard speaks \(speaks)")), version, reply)
        case .failure(let error): send(.failure(.badRequest("message: \(error)")), version, reply)
        }
    }

    private func take(_ request: ShardRequest, _ reply: @escaping ShardStore.Reply) {
        switch (current, request) {
        case (.recovering, _): reply(.failure(.unavailable("the shard is recovering")))
        case (.out(let reason), _): reply(.failure(.unavailable(reason)))
        case (_, .dropDamaged(let epoch)):
            guard let mend = mending.withLock({ $0 }) else {
                return reply(.failure(.badRequest("this shard cannot be mended while it runs")))
            }
            Task { reply(await mend(epoch)) }
        case (.damaged(let reason), .status):
            var status = ShardStatus()
            status.damage = [reason]
            reply(.status(status))
        case (.damaged(let reason), _): reply(.failure(.storage(reason)))
        case (.serving(let store), let request): store.submit(request, reply)
        }
    }

    /// An answer is of the version of its question, where that can be spoken.
    private func answerVersion(_ body: [UInt8]) -> UInt16 {
        let asked = body.withUnsafeBytes { MessageFrame.version(of: $0) } ?? speaks.lowest
        return speaks.contains(asked) ? asked : speaks.lowest
    }

    private func sendMetrics(_ reply: HTTPReply) {
        guard case .serving(let store) = current else { return reply.send(readiness) }
        store.submit(.status) { answer in
            guard case .status(let status) = answer else { return reply.send(.text(503, "no status\n")) }
            let text = ShardMetrics.text(store.counters, store.steps, status)
            reply.send(HTTPResponse(status: 200, headers: ShardHandler.metricsHeaders, body: Array(text.utf8)))
        }
    }

    private func send(_ answer: ShardAnswer, _ version: UInt16, _ reply: HTTPReply) {
        let body = MessageFrame.encode(answer, version: version)
        reply.send(HTTPResponse(status: 200, headers: messageHeaders, body: body))
    }
}
