internal import Coordinator
internal import Identifiers
internal import JSON
internal import Topology

/// `GET` and `POST /api/v1/cluster/moves`: slots on their way between shards, and who joins or leaves.
///
///     {"action": "add-shard", "name": "shard-4", "address": "10.0.0.4:8081", "bytesPerSecond": 10000000}
///     {"action": "add-shard", "replicas": [{"name": "shard-4a", "address": "10.0.0.4:8081"},
///                                          {"name": "shard-4b", "address": "10.0.0.5:8081"}]}
///     {"action": "pause", "move": 3}
///     {"action": "rebalance", "by": "heat", "dryRun": true}
enum ClusterMoves {
    private static let path = NativeDoor.base + "/cluster/moves"

    static let read = Route(
        "native.cluster.moves",
        .native,
        "GET",
        path,
        access: .operate,
        "Says which slots move between shards, and how far they are."
    ) { call async throws(DoorFault) -> DoorAnswer in
        let moves = try await call.ask { (registry) async throws(RegistryError) in try await registry.moves() }
        return answer(moves)
    }

    static let change = Route(
        "native.cluster.change",
        .native,
        "POST",
        path,
        access: .rearrange,
        "Lets a shard join or leave, deals slots out evenly, or holds, resumes or gives up a move: "
            + "{action: add-shard | drain | remove | rebalance | pause | resume | abort, name, address, replicas, "
            + "move, by: slots | heat, bytesPerSecond, dryRun}; with dryRun it only says what would come of it."
    ) { call async throws(DoorFault) -> DoorAnswer in
        try JSONBody.require(call.request, ["application/json"])
        let body = try JSONBody.parse(call.request.body)
        let wanted = try wanted(body)
        let rate = try number(body["bytesPerSecond"], "bytesPerSecond") ?? 0
        if body["dryRun"]?.boolean == true {
            let forecast = try await call.ask { (registry) async throws(RegistryError) in
                try await registry.forecast(wanted)
            }
            return answer(forecast)
        }
        let moves = try await call.ask { (registry) async throws(RegistryError) in
            try await registry.change(wanted, bytesPerSecond: rate)
        }
        return answer(moves)
    }

    private static func wanted(_ body: JSONObject) throws(DoorFault) -> TopologyChange {
        switch body["action"]?.string {
        case "add-shard": .addShard(try replicas(body))
        case "drain": .drain(try text(body, "name"))
        case "remove": .remove(try text(body, "name"))
        case "rebalance": try balance(body)
        case "pause": .pause(try move(body))
        case "resume": .resume(try move(body))
        case "abort": .abort(try move(body))
        default:
            throw .invalid("must be add-shard, drain, remove, rebalance, pause, resume or abort", at: "action")
        }
    }

    private static func balance(_ body: JSONObject) throws(DoorFault) -> TopologyChange {
        switch body["by"]?.string ?? "slots" {
        case "slots": .rebalance
        case "heat": .spread
        default: throw .invalid("must be slots or heat", at: "by")
        }
    }

    /// The copies of a shard: named each, or one by `name` and `address`.
    private static func replicas(_ body: JSONObject) throws(DoorFault) -> [Replica] {
        guard let listed = body["replicas"] else {
            return [Replica(name: try text(body, "name"), address: try text(body, "address"))]
        }
        guard let listed = listed.array, !listed.isEmpty else { throw .invalid("needs one at least", at: "replicas") }
        var replicas: [Replica] = []
        for one in listed {
            guard let name = one["name"]?.string, let address = one["address"]?.string else {
                throw .invalid("each needs a name and an address", at: "replicas")
            }
            replicas.append(Replica(name: name, address: address))
        }
        return replicas
    }

    private static func text(_ body: JSONObject, _ name: String) throws(DoorFault) -> String {
        guard let text = body[name]?.string, !text.isEmpty else { throw .invalid("is missing", at: name) }
        return text
    }

    private static func move(_ body: JSONObject) throws(DoorFault) -> UInt64 {
        guard let id = try number(body["move"], "move") else { throw .invalid("is missing", at: "move") }
        return id
    }

    private static func number(_ value: JSONValue?, _ name: String) throws(DoorFault) -> UInt64? {
        guard let value else { return nil }
        guard let number = value.integer, number >= 0 else { throw .invalid("must be a whole number", at: name) }
        return UInt64(number)
    }

    private static func answer(_ moves: [MoveView]) -> DoorAnswer {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.key("moves")
        writer.beginArray()
        for view in moves { write(view, to: &writer) }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func answer(_ forecast: LayoutForecast) -> DoorAnswer {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.member("dryRun", flag: true)
        writer.member("bytes", number: whole(forecast.bytes))
        writer.key("moves")
        writer.beginArray()
        for view in forecast.moves { write(view, to: &writer) }
        writer.endArray()
        writer.key("shards")
        writer.beginArray()
        for shard in forecast.shards {
            writer.beginObject()
            writer.member("shard", shard.name)
            write(shard.before, "before", to: &writer)
            write(shard.after, "after", to: &writer)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func write(_ load: SlotLoads.Load, _ name: String, to writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        writer.member("slots", number: load.slots)
        writer.member("bytes", number: whole(load.bytes))
        writer.member("questionsPerMinute", number: whole(load.heat))
        writer.endObject()
    }

    /// What is never negative, rounded.
    private static func whole(_ value: Double) -> UInt64 { UInt64(exactly: value.rounded()) ?? 0 }

    private static func write(_ view: MoveView, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("move", number: view.move.id)
        writer.member("source", view.source)
        writer.member("target", view.target)
        writer.member("slots", number: view.move.slotCount)
        writer.member("phase", view.move.phase.rawValue)
        writer.member("paused", flag: view.move.isPaused)
        writer.member("bytesPerSecond", number: view.move.bytesPerSecond)
        if let done = view.slotsDone {
            writer.member("done", number: done)
            writer.member("of", number: view.slotsOfPhase)
            writer.member("bytesCopied", number: view.bytesCopied)
        }
        if let seconds = view.secondsLeft { writer.member("secondsLeft", number: seconds) }
        if let held = view.held { writer.member("held", held) }
        writer.endObject()
    }
}
