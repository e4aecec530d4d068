internal import Coordinator
internal import Identifiers
internal import JSON
internal import ShardProtocol
internal import Topology

/// `GET /api/v1/cluster`: who leads, what is durable, how each shard is.
enum ClusterRead {
    static let route = Route(
        "native.cluster",
        .native,
        "GET",
        NativeDoor.base + "/cluster",
        access: .operate,
        "Says how the cluster is: leader, epoch, rules, and each shard.",
        answer: answer
    )

    private static func answer(_ call: DoorCall) async throws(DoorFault) -> DoorAnswer {
        let status = await call.registry.status()
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("leading", flag: status.leading)
        writer.member("reason", status.reason)
        if let leader = status.leader { writer.member("leader", leader.name) }
        writer.member("epoch", number: status.epoch.rawValue)
        writer.member("through", number: status.through.rawValue)
        writer.member("rules", status.rules.description)
        writer.member("inFlight", number: status.inFlight)
        writer.member("unsearched", number: status.unsearched)
        writer.key("shards")
        writer.beginArray()
        for shard in status.shards { write(shard, to: &writer) }
        writer.endArray()
        writer.key("hotSlots")
        writer.beginArray()
        for hot in status.hot { write(hot, to: &writer) }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func write(_ shard: ClusterStatus.Shard, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", shard.id.description)
        writer.member("slots", number: shard.slots)
        writer.member("questionsPerMinute", number: shard.questions)
        switch shard.status {
        case .failure(let error):
            writer.member("up", flag: false)
            writer.member("error", error.words)
        case .success(let status):
            writer.member("up", flag: true)
            writeDamage(status, to: &writer)
            write(status, to: &writer)
        }
        if !shard.replicas.isEmpty {
            writer.key("replicas")
            writer.beginArray()
            for replica in shard.replicas { write(replica, to: &writer) }
            writer.endArray()
        }
        writer.endObject()
    }

    private static func write(_ hot: HotSlot, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("slot", number: hot.slot.rawValue)
        writer.member("shard", hot.shard.description)
        writer.member("questionsPerMinute", number: hot.perMinute)
        writer.member("percent", number: hot.percent)
        writer.endObject()
    }

    private static func write(_ replica: ReplicaReport, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", replica.name)
        writer.member("address", replica.address)
        writer.member("state", replica.state)
        switch replica.status {
        case .failure(let error):
            writer.member("up", flag: false)
            writer.member("error", error.words)
        case .success(let status):
            writer.member("up", flag: true)
            writeDamage(status, to: &writer)
            writer.member("lag", number: replica.lag)
            if replica.slotsLeft > 0 { writer.member("slotsLeft", number: replica.slotsLeft) }
            writer.member("through", number: status.through.rawValue)
            writer.member("logBytes", number: status.logBytes)
            writer.member("stateBytes", number: status.stateBytes)
            writer.member("diskFreeBytes", number: status.diskFree)
        }
        writer.endObject()
    }

    private static func writeDamage(_ status: ShardStatus, to writer: inout JSONWriter) {
        guard !status.damage.isEmpty else { return }
        writer.key("damage")
        writer.beginArray()
        for line in status.damage { writer.string(line) }
        writer.endArray()
    }

    private static func write(_ status: ShardStatus, to writer: inout JSONWriter) {
        writer.member("epoch", number: status.epoch.rawValue)
        writer.member("through", number: status.through.rawValue)
        writer.key("rows")
        writer.beginObject()
        for (table, count) in zip(StoreTable.allCases, status.rows) { writer.member("\(table)", number: count) }
        writer.endObject()
        writer.member("postings", number: status.postings)
        writer.member("logBytes", number: status.logBytes)
        writer.member("stateBytes", number: status.stateBytes)
        writer.member("diskFreeBytes", number: status.diskFree)
        writer.member("recoveryMilliseconds", number: status.recoveryMilliseconds)
        writer.member("recoveredFrames", number: status.recoveredFrames)
        writer.key("rules")
        writer.beginArray()
        for version in status.rules { writer.string(version.description) }
        writer.endArray()
    }
}

extension ShardError {
    /// What an operator reads.
    var words: String {
        switch self {
        case .unavailable(let detail): "does not answer: \(detail)"
        case .timeout: "did not answer in time"
        case .staleEpoch(let highest): "has seen a newer leader (epoch \(highest))"
        case .unknownRuleSet(let version): "does not have the rule set \(version)"
        case .diskFull: "the disk is full"
        case .badRequest(let detail): "did not understand: \(detail)"
        case .storage(let detail): "the store failed: \(detail)"
        case .behind: "the store lacks what it had: it was wiped or put back to an old copy"
        }
    }
}
