internal import Coordinator
internal import Entrance
internal import ShardProtocol
internal import Topology

/// `GET /health/ready`: requests may be sent here; where it is not ready, the reason.
///
/// Under rules that take records while a shard is away a shard that is silent is no such reason, as long as another one
/// answers: whoever stops sending then would make the rule void.
enum HealthReady {
    static let route = Route(
        "health.ready",
        .operations,
        "GET",
        "/health/ready",
        access: .open,
        "Answers 200 where writes and reads can be served, else 503 with the reason.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let status = await call.registry.status()
        var reasons = reasons(status)
        if let fault = call.services.recorder.fault { reasons.append(fault) }
        guard !reasons.isEmpty else {
            let words = status.leader.map { "ready: \($0.name) leads\n" } ?? "ready\n"
            return .content(MediaType.plainText, Array(words.utf8))
        }
        let text = "not ready: " + reasons.joined(separator: "; ") + "\n"
        return .content(MediaType.plainText, Array(text.utf8), status: 503)
    }

    /// Everything that stands in the way.
    static func reasons(_ status: ClusterStatus) -> [String] {
        var reasons: [String] = []
        if !status.leading, status.leader == nil {
            reasons.append(status.reason.isEmpty ? "does not take writes" : status.reason)
        }
        let isTolerant = status.takesUnsearched && status.shards.contains { (try? $0.status.get()) != nil }
        for shard in status.shards {
            guard case .failure(let error) = shard.status, !(isTolerant && error.isSilence) else { continue }
            reasons.append("\(shard.id) \(error.words)")
        }
        return reasons
    }
}
